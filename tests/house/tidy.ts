import { tokens } from './tokens.ts'
import { type Finding, inFolder, isTypeScript, type Rule, type SourceFile } from './tree.ts'

const longestFile = 400
const longestLine = 100
/** A longer file is looked at, not refused. */
export const comfortableFile = 250

const isCode = ({ path }: SourceFile): boolean => /\.(tsx?|js|css|c|h|sh)$/.test(path)
const isScript = ({ path, text }: SourceFile): boolean =>
  /\.sh$/.test(path) || text.startsWith('#!')
const runsOnTheBox = ({ path }: SourceFile): boolean =>
  inFolder(path, 'rootfs/skeleton') || inFolder(path, 'rootfs/initrd')
/** These files name what they forbid. */
const isHouse = ({ path }: SourceFile): boolean => inFolder(path, 'tests/house')

/** A rule that looks at one line at a time. */
const eachLine =
  (applies: (file: SourceFile) => boolean, what: string, why: string, bad: RegExp): Rule =>
  file => {
    if (!applies(file)) return []
    return file.text
      .split('\n')
      .flatMap((text, index) =>
        bad.test(text) ? [{ path: file.path, line: index + 1, what, why }] : [],
      )
  }

export const lineCount = (file: SourceFile): number =>
  isCode(file) || isScript(file) ? file.text.trimEnd().split('\n').length : 0

export const shortFiles: Rule = file => {
  const lines = lineCount(file)
  const why = `one concept, ${longestFile} lines at most: split it where a name comes easily`
  return lines > longestFile ? [{ path: file.path, line: 1, what: `has ${lines} lines`, why }] : []
}

export const shortLines = eachLine(
  file => isCode(file) || isScript(file),
  'is too long',
  `${longestLine} columns at most, addresses of pages excepted`,
  new RegExp(`^(?!.*https?://).{${longestLine + 1},}$`, 'u'),
)

export const noTrailingSpace = eachLine(
  () => true,
  'ends with a space',
  'it shows in every later diff',
  /[ \t\r]$/,
)

export const nothingLeftOver = eachLine(
  file => !isHouse(file),
  'leaves work behind',
  'do it now, or let the product say a clear error',
  /\b(TODO|FIXME|XXX)\b/,
)

export const noMachinePaths = eachLine(
  file => !isHouse(file) && !runsOnTheBox(file),
  'names a folder of one machine',
  'the tree must work wherever it is cloned',
  /(?<![\w})./$-])(?<!\w")\/(work|home|root)\/[\w.]/,
)

const vague = /^(utils?|helpers?|managers?|common|misc)$/i
const vagueWhy = 'say what it is in the words of the domain'

export const tellingFileNames: Rule = ({ path }) =>
  path
    .replace(/\.\w+$/, '')
    .split(/[/.-]/)
    .filter(part => vague.test(part))
    .map(part => ({ path, line: 1, what: `is called "${part}"`, why: vagueWhy }))

export const tellingClassNames: Rule = file => {
  if (!isTypeScript(file)) return []
  const all = tokens(file.text)
  return all.flatMap((token, index): Finding[] => {
    const name = all[index + 1]?.text ?? ''
    const parts = name.split(/(?=[A-Z])/)
    if (token.kind !== 'word' || token.text !== 'class' || !parts.some(part => vague.test(part))) {
      return []
    }
    return [{ path: file.path, line: token.line, what: `declares class ${name}`, why: vagueWhy }]
  })
}

/** Tests that fail and skip on purpose: another test reads what becomes of them. */
const specimens = 'tests/kernel/bad'

/** `test.skip(`, `t.todo(`, `{ only: true }`. */
export const everyTestRuns: Rule = file => {
  if (!/\.test\.tsx?$/.test(file.path) || inFolder(file.path, specimens)) return []
  const all = tokens(file.text)
  return all.flatMap((token, index): Finding[] => {
    if (token.kind !== 'word' || !['skip', 'only', 'todo'].includes(token.text)) return []
    const [before, after] = [all[index - 1]?.text ?? '', all[index + 1]?.text ?? '']
    const called = before === '.' && after === '('
    const option = after === ':' && ['{', ','].includes(before)
    if (!called && !option) return []
    const why = 'a test that does not run holds nothing: make it run, or take it out'
    return [{ path: file.path, line: token.line, what: `uses ${token.text}`, why }]
  })
}

/** Opening words that say nothing which the file's path or the licence file does not. */
const banner = /^(copyright|licen[cs]e|spdx|author|@file|created|generated)/i

export const goodBeginnings: Rule = file => {
  if (!inFolder(file.path, 'appliance')) return []
  const at = { path: file.path, line: 1 }
  if (/^\s/.test(file.text)) {
    return [{ ...at, what: 'begins with nothing', why: 'begin with code, or with why it is there' }]
  }
  const comment = /^(?:\/\/.*(?:\n|$))+|^\/\*[\s\S]*?\*\//.exec(file.text)?.[0]
  if (comment === undefined) return []
  const words = comment.replace(/[/*\n]+/g, ' ').trim()
  const name = file.path.split('/').at(-1) ?? ''
  if (!banner.test(words) && !words.startsWith(name) && words.split(/\s+/).length >= 4) return []
  return [
    { ...at, what: 'begins with a banner', why: 'a first comment says why the file is there' },
  ]
}

/** PID 1 too, of the lab's kernel. */
const kernelLabInit = 'tests/lab/uml/init.sh'

/**
 * bash: `set -euo pipefail`; sh: `set -eu`. Except what runs on the box while it boots: there a
 * line that fails must become an alarm, and PID 1 that ends is a panic.
 */
export const strictScripts: Rule = file => {
  const interpreter = /^#!.*\b(bash|sh)\b/.exec(file.text)?.[1]
  if (
    !isScript(file) ||
    runsOnTheBox(file) ||
    file.path === kernelLabInit ||
    (file.text.startsWith('#!') && !interpreter)
  )
    return []
  const wanted = interpreter === 'sh' ? 'set -eu' : 'set -euo pipefail'
  const first = file.text.split('\n').find(line => !/^\s*(#|$)/.test(line))
  if (first === wanted) return []
  const why = `a command that fails unseen makes a wrong image: first of all "${wanted}"`
  return [{ path: file.path, line: 1, what: 'is not strict', why }]
}
