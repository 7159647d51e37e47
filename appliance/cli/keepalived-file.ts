import { globSync, readFileSync, statSync } from 'node:fs'
import { hostname } from 'node:os'
import { isAbsolute, join } from 'node:path'
import { type Finding, languageFindings } from '../keepalived/import-finding.ts'
import { parseKeepalived } from '../keepalived/parse.ts'
import type { Entry } from '../keepalived/tree.ts'
import { exitCode, Failure } from './exit-code.ts'

export type ReadFile = {
  readonly entries: readonly Entry[]
  /** What is wrong with the language of the file, not with what it says. */
  readonly findings: readonly Finding[]
}

export type FileOptions = { readonly id?: string; readonly strict?: true }

/** A keepalived.conf with all that it includes. */
export function readKeepalived(path: string, { id, strict }: FileOptions): ReadFile {
  readText(path)
  const parsed = parseKeepalived(path, {
    read: file => {
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
  return { entries: parsed.entries, findings: languageFindings(parsed, strict === true) }
}

export function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    throw new Failure((error as Error).message, exitCode.failed)
  }
}

/** Of a script; a program that is none is long, and has nothing to read. */
export function readScript(path: string): string | null {
  try {
    return statSync(path).size <= 65_536 ? readFileSync(path, 'utf8') : null
  } catch {
    return null
  }
}

/** One line for people and editors; nothing for what is applied as it is. */
export const findingLines = (findings: readonly Finding[]): readonly string[] =>
  findings.filter(({ outcome }) => outcome !== 'applied').map(lineOf)

/** The same said of many lines is said once: a thousand services have a thousand times one word. */
export function foldedLines(findings: readonly Finding[]): readonly string[] {
  const others = findings.filter(({ outcome }) => outcome !== 'applied')
  const counts = new Map<string, number>()
  for (const { text } of others) counts.set(text, (counts.get(text) ?? 0) + 1)
  const told = new Set<string>()
  return others.flatMap(finding => {
    const count = counts.get(finding.text) ?? 0
    if (count <= mostAlike) return [lineOf(finding)]
    if (told.has(finding.text)) return []
    told.add(finding.text)
    return [`${lineOf(finding)} [and of ${count - 1} more lines: --json has them]`]
  })
}

const mostAlike = 3

function lineOf({ place, outcome, text, path }: Finding): string {
  const where = path === null || text.startsWith(path) ? '' : ` (${path})`
  return `${place.file}:${place.line}: ${outcome}: ${text}${where}`
}

const outcomes = ['applied', 'translated', 'ignored', 'unsupported', 'refused'] as const

/** As in `12 applied, 3 translated, 1 unsupported`. */
export function countsText(findings: readonly Finding[]): string {
  const counts = new Map<string, number>()
  for (const { outcome } of findings) counts.set(outcome, (counts.get(outcome) ?? 0) + 1)
  const some = outcomes.filter(outcome => counts.has(outcome))
  return some.map(outcome => `${counts.get(outcome)} ${outcome}`).join(', ') || 'nothing in it'
}

export function codeOf(findings: readonly Finding[]): number {
  if (findings.some(({ outcome }) => outcome === 'refused')) return exitCode.refused
  return findings.some(({ outcome }) => outcome === 'unsupported') ? exitCode.findings : exitCode.ok
}
