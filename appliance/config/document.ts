import { contradictions } from './checks/all.ts'
import { type Finding, findingOf, type Place, type Problem } from './finding.ts'
import { expectation, problemsOf } from './issues.ts'
import { readJson } from './json-text.ts'
import type { Path } from './path.ts'
import { type Document, documentSchema } from './schema.ts'

export type { Document } from './schema.ts'

export type Parsed =
  | { readonly kind: 'document'; readonly document: Document }
  /** At least one finding, in the order of the text. */
  | { readonly kind: 'refused'; readonly findings: readonly Finding[] }

/** A string is JSON text, all else a value that JSON.parse has made. */
export function parseDocument(input: unknown): Parsed {
  if (typeof input !== 'string') return checked(input, () => null)
  const read = readJson(input)
  if (read.kind === 'value') return checked(read.value, read.placeOf)
  const { place, expected, found, hint } = read
  return {
    kind: 'refused',
    findings: [{ path: '', place, reason: 'not-json', value: found, expected, hint }],
  }
}

function checked(value: unknown, placeOf: (path: Path) => Place | null): Parsed {
  const result = documentSchema.safeParse(value, { error: expectation })
  const problems = result.success
    ? contradictions(result.data)
    : problemsOf(result.error.issues, value)
  if (result.success && problems.length === 0) return { kind: 'document', document: result.data }
  return { kind: 'refused', findings: findings(problems, value, placeOf) }
}

const findings = (
  problems: readonly Problem[],
  value: unknown,
  placeOf: (path: Path) => Place | null,
): readonly Finding[] =>
  problems
    .map(problem => findingOf(problem, value, placeOf(problem.path)))
    .sort((a, b) => order(a.place, b.place))

const order = (a: Place | null, b: Place | null): number =>
  a === null || b === null ? 0 : a.line - b.line || a.column - b.column
