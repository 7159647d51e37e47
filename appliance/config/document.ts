import { contradictions } from './checks/all.ts'
import { tooManyEndpoints } from './endpoint-count.ts'
import { type Finding, findingOf, type Place, type Problem } from './finding.ts'
import { expectation, problemsOf } from './issues.ts'
import { readJson } from './json-text.ts'
import { migrated, newestVersion } from './migrations.ts'
import { oddPlace } from './odd-places.ts'
import type { Path } from './path.ts'
import { type Document, documentSchema } from './schema.ts'
import { type Before, unchanged } from './unchanged.ts'

export type { Document } from './schema.ts'

export type Parsed =
  | {
      readonly kind: 'document'
      readonly document: Document
      /** For people: what is called otherwise now than in the version that it was written in. */
      readonly notes: readonly string[]
    }
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

/**
 * The same as `parseDocument` of a value, faster after one that differs in little: what did not
 * change is not read again, and is the same objects in both documents.
 */
export function parseDocumentAfter(before: Before, raw: unknown): Parsed {
  const kept = unchanged(before, raw)
  if (kept === null || oddPlace(kept.rest) !== null || tooManyEndpoints(raw) !== null) {
    return parseDocument(raw)
  }
  const result = againstSchema(kept.rest)
  if (!result?.success) return parseDocument(raw)
  const document = kept.whole(result.data)
  const problems = contradictions(document)
  if (problems.length > 0) return refused(problems, raw, () => null)
  return { kind: 'document', document, notes: [] }
}

function checked(value: unknown, placeOf: (path: Path) => Place | null): Parsed {
  const odd = oddPlace(value) ?? tooManyEndpoints(value)
  if (odd !== null) return refused([{ ...odd, reason: 'wrong-value', hint: null }], value, placeOf)
  const { value: newest, from, notes, writtenAt } = migrated(value)
  if (from !== null && from > newestVersion) return refused([tooNew], value, placeOf)
  const result = againstSchema(newest)
  if (result === null) return refused([tooWrong], value, placeOf)
  const problems = result.success
    ? contradictions(result.data)
    : problemsOf(result.error.issues, newest)
  if (result.success && problems.length === 0) {
    return { kind: 'document', document: result.data, notes }
  }
  return refused(problems, newest, path => placeOf(writtenAt(path)))
}

/** Null: so much is wrong that zod ends with the stack. */
function againstSchema(value: unknown) {
  try {
    return documentSchema.safeParse(value, { error: expectation })
  } catch (error) {
    if (error instanceof RangeError) return null
    throw error
  }
}

const tooWrong: Problem = {
  path: [],
  reason: 'wrong-value',
  expected: 'fewer wrong values: there are so many that they cannot be told',
  hint: null,
}

const tooNew: Problem = {
  path: ['schemaVersion'],
  reason: 'wrong-value',
  expected: `at most ${newestVersion}, the newest that this software knows`,
  hint: 'newer software has written it: upgrade this box first',
}

/** Nobody reads more of them; and a hint looks through all names that there are. */
const [mostFindings, mostHints] = [1000, 50]

const refused = (
  problems: readonly Problem[],
  value: unknown,
  placeOf: (path: Path) => Place | null,
): Parsed => ({
  kind: 'refused',
  findings: problems
    .slice(0, mostFindings)
    .map((problem, index) => findingOf(problem, value, placeOf(problem.path), index < mostHints))
    .sort((a, b) => order(a.place, b.place)),
})

const order = (a: Place | null, b: Place | null): number =>
  a === null || b === null ? 0 : a.line - b.line || a.column - b.column
