import { globSync, readFileSync, statSync } from 'node:fs'
import { hostname } from 'node:os'
import { isAbsolute, join } from 'node:path'
import { type Finding, languageFindings } from '../keepalived/import-finding.ts'
import { parseKeepalived } from '../keepalived/parse.ts'
import type { Entry } from '../keepalived/tree.ts'
import { nameOfFile, textOfFile } from './document-file.ts'
import { exitCode, Failure } from './exit-code.ts'

export type ReadFile = {
  readonly entries: readonly Entry[]
  /** What is wrong with the language of the file, not with what it says. */
  readonly findings: readonly Finding[]
}

export type FileOptions = { readonly id?: string; readonly strict?: true }

/** A keepalived.conf with all that it includes. */
export function readKeepalived(
  path: string,
  { id, strict }: FileOptions,
  text: string = textOfFile(path),
): ReadFile {
  const name = nameOfFile(path)
  if (/^\s*\{/.test(text)) {
    const advice = `"diarch config apply ${path}" puts it in force`
    throw new Failure(`${name} is a document and no keepalived.conf: ${advice}`, exitCode.refused)
  }
  const parsed = parseKeepalived(name, {
    read: file => {
      if (file === name) return text
      try {
        return readFileSync(file, 'utf8')
      } catch {
        return null
      }
    },
    glob: (pattern, folder) =>
      globSync(pattern, { cwd: folder })
        .map(file => (isAbsolute(file) ? file : join(folder, file)))
        .sort(),
    environment: name => process.env[name] ?? null,
    configId: id ?? hostname().split('.')[0] ?? null,
  })
  const findings = languageFindings(parsed, strict === true)
  if (parsed.entries.length > 0 || findings.length > 0) return { entries: parsed.entries, findings }
  const nothing = 'there is nothing in it: expected what keepalived is to do'
  const place = { file: name, line: 1 }
  return { entries: [], findings: [{ place, outcome: 'refused', text: nothing, path: null }] }
}

/** Of a script; a program that is none is long, and has nothing to read. */
export function readScript(path: string): string | null {
  try {
    return statSync(path).size <= 65_536 ? readFileSync(path, 'utf8') : null
  } catch {
    return null
  }
}

/**
 * For people and editors; nothing for what is applied as it is. The same said of many lines of a
 * file is said once: a thousand services have a thousand times one word.
 */
export function foldedLines(findings: readonly Finding[]): readonly string[] {
  const others = findings.filter(({ outcome }) => outcome !== 'applied')
  const files = new Map<string, Map<string, Said>>()
  const counted = others.map(finding => {
    const { file } = finding.place
    const ofFile = files.get(file) ?? new Map<string, Said>()
    const said = ofFile.get(finding.text) ?? { first: finding, count: 0 }
    if (said.count === 0) files.set(file, ofFile.set(finding.text, said))
    said.count += 1
    return { finding, said }
  })
  return counted.flatMap(({ finding, said: { first, count } }) => {
    if (count <= mostAlike) return [lineOf(finding)]
    if (first !== finding) return []
    return [`${lineOf(finding)} [and of ${count - 1} more lines: --json has them]`]
  })
}

type Said = { readonly first: Finding; count: number }

const mostAlike = 3

function lineOf({ place, keyword, outcome, text, path }: Finding): string {
  const where = path === null || text.startsWith(path) ? '' : ` (${path})`
  const what = keyword === undefined ? '' : `${keyword}: `
  return `${place.file}:${place.line}: ${what}${outcome}: ${text}${where}`
}

const outcomes = ['applied', 'translated', 'ignored', 'unsupported', 'refused'] as const

/** As in `12 applied, 3 translated, 1 unsupported`; `others` are applied too. */
export function countsText(findings: readonly Finding[], others = 0): string {
  const counts = new Map<string, number>(others > 0 ? [['applied', others]] : [])
  for (const { outcome } of findings) counts.set(outcome, (counts.get(outcome) ?? 0) + 1)
  const some = outcomes.filter(outcome => counts.has(outcome))
  return some.map(outcome => `${counts.get(outcome)} ${outcome}`).join(', ') || 'nothing in it'
}

export function codeOf(findings: readonly Finding[]): number {
  if (findings.some(({ outcome }) => outcome === 'refused')) return exitCode.refused
  return findings.some(({ outcome }) => outcome === 'unsupported') ? exitCode.findings : exitCode.ok
}
