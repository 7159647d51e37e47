import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { test } from 'node:test'
import type { TestContext } from '../lab/vm/scratch.ts'
import { freshTree, namesIn, run, runWords } from './tree.ts'

const service = 'diarch-test-service'
/** Its script in /etc/init.d leaves a trace when it is started. */
const trace = `/run/${service}`
const files = {
  'DEBIAN/control': `Package: ${service}
Version: 1
Architecture: all
Maintainer: nobody <nobody@example.org>
Description: starts a service as it is installed
`,
  'DEBIAN/postinst': `#!/bin/sh\nset -e\ninvoke-rc.d ${service} start\n`,
  [`etc/init.d/${service}`]: `#!/bin/sh
### BEGIN INIT INFO
# Provides: ${service}
# Default-Start: 2 3 4 5
# Default-Stop: 0 1 6
### END INIT INFO
touch ${trace}
`,
}

/** A folder that apt takes for an archive, with that one package. */
const archive = async (folder: string): Promise<string> => {
  const [repo, source] = [join(folder, 'repo'), join(folder, 'source')]
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(source, name)), { recursive: true })
    writeFileSync(join(source, name), text, { mode: name.endsWith('control') ? 0o644 : 0o755 })
  }
  mkdirSync(repo)
  const { code, said } = await run('dpkg-deb', [
    '--root-owner-group',
    '-b',
    source,
    `${repo}/x.deb`,
  ])
  assert.equal(code, 0, said)
  const bytes = readFileSync(join(repo, 'x.deb'))
  const sum = createHash('sha256').update(bytes).digest('hex')
  const where = `Filename: ./x.deb\nSize: ${bytes.length}\nSHA256: ${sum}\n`
  writeFileSync(join(repo, 'Packages'), files['DEBIAN/control'] + where)
  return repo
}

/**
 * This machine's files with a layer over them: what is installed and removed vanishes with the
 * script. $1 is the folder of the test, $2 its archive, $3 what policy-rc.d is before, or nothing.
 */
const ownMachine = `set -eu
cd "$1"
mkdir layer && mount -t tmpfs none layer
mkdir layer/upper layer/work layer/machine
mount -t overlay none -o "lowerdir=/,upperdir=layer/upper,workdir=layer/work" layer/machine
machine=$1/layer/machine
mkdir -p "$machine$1" && mount --bind "$1" "$machine$1"
for each in dev proc; do mount --rbind "/$each" "$machine/$each"; done
rm -rf "$machine"/etc/apt/* "$machine/usr/sbin/policy-rc.d"
echo "deb [trusted=yes] file:$2 ./" >"$machine/etc/apt/sources.list"
policy=$machine/usr/sbin/policy-rc.d
[ -z "$3" ] || { echo "$3" >"$policy"; chmod +x "$policy"; }
# Where the build would go on, it ends.
while npm=$(command -v "$machine/usr/bin/npm" "$machine/usr/local/bin/npm"); do rm $npm; done
status=0
chroot "$machine" sh -c 'cd "$1" && ./build.sh' sh "$1/tree" >said 2>&1 || status=$?
[ ! -e "$policy" ] || cp "$policy" policy
[ ! -e "$machine${trace}" ] || touch started
exit $status
`

type Installed = {
  readonly said: string
  readonly policy: string | null
  readonly started: boolean
}

/** build.sh as root, with one more package that is wanted. */
const build = async (t: TestContext, wanted: string, policy = ''): Promise<Installed> => {
  const tree = freshTree(t)
  const folder = dirname(tree)
  appendFileSync(join(tree, 'image/host-packages.list'), `#: build\n${wanted}\n`)
  const operands = [folder, await archive(folder), policy]
  const words = ['unshare', '-m', '-n', 'sh', '-c', ownMachine, 'sh', ...operands]
  const { code, said } = await runWords(words, { cwd: tree })
  assert.equal(code, 1, said)
  assert.equal(said, '')
  const names = namesIn(folder)
  return {
    said: readFileSync(join(folder, 'said'), 'utf8'),
    policy: names.includes('policy') ? readFileSync(join(folder, 'policy'), 'utf8') : null,
    started: names.includes('started'),
  }
}

const wentOn = /^build\.sh: npm (is not there|could not get)/m

test('what is installed for a build starts no service; after it services may start', async t => {
  const { said, policy, started } = await build(t, service)
  assert.match(said, wentOn)
  assert.deepEqual({ policy, started }, { policy: null, started: false }, said)
})

test('services may start again after an installation that failed', async t => {
  const { said, policy } = await build(t, 'diarch-not-there')
  assert.match(said, /Unable to locate package diarch-not-there/)
  assert.match(said, /^build\.sh: could not install: diarch-not-there \(all of apt's words: build/m)
  assert.equal(policy, null)
})

test("the machine's own rule about services counts, and stays as it is", async t => {
  const own = '#!/bin/sh\nexit 0 # everything may start'
  const { said, policy, started } = await build(t, service, own)
  assert.match(said, wentOn)
  assert.deepEqual({ policy, started }, { policy: `${own}\n`, started: true }, said)
})

test('a rule about services that a killed build has left is taken away by the next', async t => {
  const { said, policy, started } = await build(t, service, '#!/bin/sh\nexit 101')
  assert.match(said, wentOn)
  assert.deepEqual({ policy, started }, { policy: null, started: false }, said)
})
