import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { dirname, join, relative, resolve } from 'node:path'
import { type BuildOptions, type BuildResult, build, type Plugin } from 'esbuild'
import { description } from '../appliance/config/description.ts'

/**
 * Makes what the image holds in /usr/lib/diarch, apart from `release` and `native.node`:
 *
 *   supervisor.js vrrpd.js web.js ... chunks/        one bundle per process, shared parts once
 *   web-ui/                                          the page; names carry the hash of the content
 *   web-ui/configuration-schema.json                 what the page makes its forms from
 *   package.json                                     says to Node that the bundles are modules
 *   packages.json licenses.txt                       npm packages that are really inside
 *
 * The same sources give the same bytes: no absolute path and no time gets into the output.
 */

const processNames = [
  'supervisor',
  'vrrpd',
  'director',
  'scripts',
  'web',
  'pair',
  'alerts',
  'fence',
  'snmp',
  'console',
  'cli',
] as const

const root = resolve(import.meta.dirname, '..')

type Output = BuildResult<{ metafile: true; write: false }>

const common = {
  absWorkingDir: root,
  bundle: true,
  metafile: true,
  write: false,
  format: 'esm',
  splitting: true,
  // Latin-1 text is held by V8 in one byte per character; one character beyond doubles the bundle.
  charset: 'ascii',
  legalComments: 'external',
  logLevel: 'silent',
} as const satisfies BuildOptions

/**
 * Express reads bodies through iconv-lite, whose tables for East Asian character sets are half of
 * the web process. JSON is UTF-8 (RFC 8259 8.1): express.json() refuses those charsets anyway.
 */
const withoutEastAsianTables: Plugin = {
  name: 'without-east-asian-tables',
  setup({ onLoad }) {
    onLoad({ filter: /iconv-lite\/encodings\/dbcs-data\.js$/ }, () => ({
      contents: 'module.exports = {}',
    }))
  },
}

/**
 * Commander can start commands that are programs of their own. Diarch has none of these, and each
 * of its commands would wait while Node loads what starts programs.
 */
const withoutProgramsOfCommander: Plugin = {
  name: 'without-programs-of-commander',
  setup({ onLoad, onResolve }) {
    onResolve({ filter: /^node:child_process$/ }, ({ importer, path }) =>
      importer.includes('/node_modules/commander/') ? { path, namespace: 'nothing' } : undefined,
    )
    onLoad({ filter: /^/, namespace: 'nothing' }, () => ({ contents: 'module.exports = {}' }))
  },
}

const builtinsForCommonJs =
  "import { createRequire as __createRequire } from 'node:module'; " +
  'const require = __createRequire(import.meta.url);'

function processBundles(out: string): Promise<Output> {
  return build({
    ...common,
    entryPoints: [
      ...processNames.map(name => ({ in: `appliance/${name}/main.ts`, out: name })),
      { in: 'appliance/supervisor/configuration/conversion-worker.ts', out: 'conversion-worker' },
    ],
    outdir: out,
    chunkNames: 'chunks/[name]-[hash]',
    platform: 'node',
    // A package's ESM build leaves out what is not used of it.
    mainFields: ['module', 'main'],
    plugins: [withoutEastAsianTables, withoutProgramsOfCommander],
    target: 'node24',
    // Names stay as written and lines stay short, so that a stack trace from a box can be read.
    minifySyntax: true,
    minifyWhitespace: true,
    lineLimit: 160,
    external: ['*.node'],
    define: { 'process.env.NODE_ENV': '"production"' },
    // Express and its packages are CommonJS: their require('http') has to find Node's modules.
    banner: { js: builtinsForCommonJs },
  })
}

/** What index.html names; what they import when it is needed comes beside them. */
const pageEntries = ['web-ui/main.tsx', 'web-ui/style.css', 'web-ui/icon.svg'] as const

function pageBundle(out: string): Promise<Output> {
  return build({
    ...common,
    entryPoints: [...pageEntries],
    outdir: join(out, 'web-ui'),
    entryNames: 'assets/[name]-[hash]',
    chunkNames: 'assets/[name]-[hash]',
    platform: 'browser',
    target: ['chrome111', 'firefox115', 'safari16.4'],
    jsx: 'automatic',
    jsxImportSource: 'preact',
    loader: { '.svg': 'copy' },
    minify: true,
  })
}

/** index.html names its files as they are in the tree; the built one names the hashed files. */
async function pageHtml(page: Output, out: string): Promise<string> {
  let html = await readFile(join(root, 'web-ui/index.html'), 'utf8')
  for (const [path, { entryPoint }] of Object.entries(page.metafile.outputs)) {
    const source = entryPoint ?? copiedFrom(page, path)
    if (source === undefined || !pageEntries.some(entry => entry === source)) continue
    const name = relative('web-ui', source)
    if (!html.includes(`"./${name}"`)) {
      throw new Error(`web-ui/index.html does not mention "./${name}", which the bundle made`)
    }
    html = html.replaceAll(`"./${name}"`, `"/${relative(join(out, 'web-ui'), join(root, path))}"`)
  }
  return html
}

function copiedFrom(page: Output, path: string): string | undefined {
  return path.endsWith('.svg')
    ? Object.keys(page.metafile.outputs[path]?.inputs ?? {})[0]
    : undefined
}

export type BundledPackage = {
  readonly name: string
  readonly version: string
  readonly license: string
}

/** The inputs of the outputs: esbuild reads more files than it keeps. */
function packageFolders(outputs: readonly Output[]): string[] {
  const folders = new Set<string>()
  for (const { metafile } of outputs) {
    for (const { inputs } of Object.values(metafile.outputs)) {
      for (const path of Object.keys(inputs)) {
        const folder = /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0]
        if (folder !== undefined) folders.add(folder)
      }
    }
  }
  return [...folders].sort()
}

async function describe(folder: string): Promise<BundledPackage & { readonly text: string }> {
  const { name, version, license } = JSON.parse(
    await readFile(join(root, folder, 'package.json'), 'utf8'),
  ) as Record<string, unknown>
  if (typeof name !== 'string' || typeof version !== 'string' || typeof license !== 'string') {
    throw new Error(`${folder}/package.json has no name, version or license to list`)
  }
  const files = (await readdir(join(root, folder))).sort()
  const texts = files.filter(file => /^(licen[cs]e|copying|notice)/i.test(file))
  const read = await Promise.all(texts.map(file => readFile(join(root, folder, file), 'utf8')))
  const text = read.map(part => part.replaceAll('\r\n', '\n').trim()).join('\n\n')
  return { name, version, license, text: text || `No text in the package; it says ${license}.` }
}

async function inventory(outputs: readonly Output[]): Promise<{ list: string; texts: string }> {
  const packages = await Promise.all(packageFolders(outputs).map(describe))
  const list = packages.map(({ name, version, license }) => ({ name, version, license }))
  const sections = packages.map(p => `${p.name} ${p.version} (${p.license})\n\n${p.text}\n`)
  const comments = outputs
    .flatMap(output => output.outputFiles)
    .filter(file => file.path.endsWith('.LEGAL.txt') && file.text.trim() !== '')
    .map(file => file.text.trim())
  const fromSources = [...new Set(comments)].sort()
  if (fromSources.length > 0) {
    sections.push(`Comments in the sources\n\n${fromSources.join('\n\n')}\n`)
  }
  return {
    list: `${JSON.stringify(list, null, 2)}\n`,
    texts: sections.join(`\n${'='.repeat(100)}\n\n`),
  }
}

type Files = Map<string, string | Uint8Array>

export async function bundle(out: string): Promise<Files> {
  const [processes, page] = await Promise.all([processBundles(out), pageBundle(out)])
  const { list, texts } = await inventory([processes, page])
  const files: Files = new Map([...outputs(processes), ...(await pageFiles(page, out))])
    .set(join(out, 'package.json'), `${JSON.stringify({ type: 'module' })}\n`)
    .set(join(out, 'packages.json'), list)
    .set(join(out, 'licenses.txt'), texts)
  // Files of an earlier run have other hashes in their names and would stay.
  await rm(join(out, 'chunks'), { recursive: true, force: true })
  await rm(join(out, 'web-ui'), { recursive: true, force: true })
  await write(files)
  return files
}

/** The page alone, for the web process in the source tree. */
export async function bundlePage(out: string): Promise<void> {
  await write(await pageFiles(await pageBundle(out), out))
}

const outputs = (output: Output): Files =>
  new Map(
    output.outputFiles
      .filter(file => !file.path.endsWith('.LEGAL.txt'))
      .map(file => [file.path, file.contents]),
  )

const pageFiles = async (page: Output, out: string): Promise<Files> =>
  outputs(page)
    .set(join(out, 'web-ui/index.html'), await pageHtml(page, out))
    .set(join(out, 'web-ui/configuration-schema.json'), JSON.stringify(description()))

async function write(files: Files): Promise<void> {
  for (const [path, contents] of files) {
    await mkdir(dirname(path), { recursive: true })
    await writeFile(path, contents)
  }
}

/** Ends the process for `--help`, and with 2 for what it does not know. */
function folderOf([option, folder, ...others]: readonly string[]): string {
  if (option === undefined) return 'build/lib'
  if (option === '--out' && folder !== undefined && others.length === 0) return folder
  if (option === '--help' || option === '-h') {
    console.log('Usage: npm run bundle -- [--out FOLDER]\n\nWhat runs on a box, in build/lib.')
    process.exit(0)
  }
  const why = option === '--out' ? '--out needs a value: FOLDER' : `there is no option "${option}"`
  console.error(`npm run bundle: ${why}\nAll options: npm run bundle -- --help`)
  process.exit(2)
}

if (import.meta.main) {
  const folder = folderOf(process.argv.slice(2))
  try {
    const files = await bundle(resolve(folder))
    const bytes = [...files.values()].reduce((sum, content) => sum + content.length, 0)
    console.log(`bundle: ${files.size} files, ${Math.ceil(bytes / 1024)} KiB in ${folder}`)
  } catch (error) {
    console.error(`bundle: ${error instanceof Error ? error.message : error}`)
    process.exitCode = 1
  }
}
