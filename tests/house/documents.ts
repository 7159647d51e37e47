import type { Finding, SourceFile } from './tree.ts'

/** Rules about what the documents must mention; they need more than one file. */
type TreeRule = (files: readonly SourceFile[]) => readonly Finding[]

const textOf = (files: readonly SourceFile[], path: string): string =>
  files.find(file => file.path === path)?.text ?? ''

export const decisionsAreListed: TreeRule = files => {
  const index = 'docs/adr/README.md'
  const listed = textOf(files, index)
  return files
    .filter(({ path }) => /^docs\/adr\/[^/]+\.md$/.test(path) && path !== index)
    .filter(({ path }) => !listed.includes(`](${path.slice('docs/adr/'.length)})`))
    .map(({ path }) => ({ path, line: 1, what: 'is listed nowhere', why: `link it from ${index}` }))
}

const dependencyList = 'docs/dependencies.md'

/** Both ways: what is used has a line, and a line is about something that is used. */
export const dependenciesAreExplained: TreeRule = files => {
  const listed = rows(textOf(files, dependencyList))
  const used = new Map([...npmPackages(files), ...debianPackages(files)])
  const missing = [...used].filter(([name]) => !listed.has(name))
  const stale = [...listed].filter(([name]) => !used.has(name))
  return [
    ...missing.map(([name, path]) => {
      const why = `${dependencyList} has no row for it: what for, licence, what it would cost`
      return { path, line: 1, what: `depends on ${name}`, why }
    }),
    ...stale.map(([name, line]) => {
      const why = 'nothing in the tree depends on it: take the row out'
      return { path: dependencyList, line, what: `explains ${name}`, why }
    }),
  ]
}

/** The names in backticks at the beginning of a table's rows, and their lines. */
function rows(text: string): ReadonlyMap<string, number> {
  const found = new Map<string, number>()
  text.split('\n').forEach((line, index) => {
    const cell = /^\| *((?:`[^`]+`[, ]*)+)\|/.exec(line)?.[1] ?? ''
    for (const [, name] of cell.matchAll(/`([^`]+)`/g)) found.set(name ?? '', index + 1)
  })
  return found
}

type Package = {
  readonly dependencies?: Readonly<Record<string, string>>
  readonly devDependencies?: Readonly<Record<string, string>>
  readonly scripts?: Readonly<Record<string, string>>
}

const packageOf = (files: readonly SourceFile[]): Package =>
  JSON.parse(textOf(files, 'package.json') || '{}')

function npmPackages(files: readonly SourceFile[]): [name: string, path: string][] {
  const { dependencies, devDependencies } = packageOf(files)
  return Object.keys({ ...dependencies, ...devDependencies }).map(name => [name, 'package.json'])
}

function debianPackages(files: readonly SourceFile[]): [name: string, path: string][] {
  return ['rootfs/packages.list', 'image/host-packages.list'].flatMap(path =>
    textOf(files, path)
      .split('\n')
      .map(line => line.trim())
      .filter(line => line !== '' && !line.startsWith('#'))
      .map((name): [string, string] => [name, path]),
  )
}

export const scriptsAreDescribed: TreeRule = files => {
  const guide = textOf(files, 'CONTRIBUTING.md')
  return Object.keys(packageOf(files).scripts ?? {})
    .filter(name => !guide.includes(`\`npm run ${name}`))
    .map(name => ({
      path: 'package.json',
      line: 1,
      what: `has the script ${name}`,
      why: `CONTRIBUTING.md does not say what \`npm run ${name}\` is for`,
    }))
}
