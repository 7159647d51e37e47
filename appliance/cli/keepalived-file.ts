import { globSync, readFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { isAbsolute, join } from 'node:path'
import type { Finding } from '../keepalived/import-finding.ts'
import { parseKeepalived } from '../keepalived/parse.ts'
import type { Entry, ParseProblem } from '../keepalived/tree.ts'
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
  const { entries, problems } = parseKeepalived(path, {
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
  return { entries, findings: problems.map(problem => findingOf(problem, strict === true)) }
}

export function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    throw new Failure((error as Error).message, exitCode.failed)
  }
}

/** keepalived goes on, and so do we unless asked to be strict. */
function findingOf({ severity, place, text }: ParseProblem, strict: boolean): Finding {
  const lenient = severity === 'lenient' ? 'translated' : 'unsupported'
  return { place, outcome: strict ? 'refused' : lenient, text, path: null }
}

/** One line for people and editors; nothing for what is applied as it is. */
export const findingLines = (findings: readonly Finding[]): readonly string[] =>
  findings
    .filter(({ outcome }) => outcome !== 'applied')
    .map(({ place, outcome, text, path }) => {
      const where = path === null ? '' : ` (${path})`
      return `${place.file}:${place.line}: ${outcome}: ${text}${where}`
    })

/** As in `12 applied, 3 translated, 1 unsupported`. */
export function countsText(findings: readonly Finding[]): string {
  const outcomes = ['applied', 'translated', 'ignored', 'unsupported', 'refused'] as const
  const counts = outcomes.map(outcome => ({
    outcome,
    count: findings.filter(finding => finding.outcome === outcome).length,
  }))
  const some = counts.filter(({ count }) => count > 0)
  return some.map(({ outcome, count }) => `${count} ${outcome}`).join(', ') || 'nothing in it'
}

export function codeOf(findings: readonly Finding[]): number {
  if (findings.some(({ outcome }) => outcome === 'refused')) return exitCode.refused
  return findings.some(({ outcome }) => outcome === 'unsupported') ? exitCode.findings : exitCode.ok
}
