import { type Path, pathText, valueAt } from './path.ts'
import { secretHeader } from './secret-header.ts'

/** Why a document is refused, at one place of it. */
export type Finding = {
  /** `cluster.routers.VI_1.priority`; '' for the whole document. */
  readonly path: string
  /** Where that is in the text; null when a value was given and no text. */
  readonly place: Place | null
  readonly reason: Reason
  /** What is there, shortened; undefined when nothing is. Secrets are not repeated. */
  readonly value: string | number | boolean | null | undefined
  /** As in `a whole number from 1 to 255`. */
  readonly expected: string
  /** As in `did you mean virtualRouterId?` */
  readonly hint: string | null
}

/** From 1, as editors count. */
export type Place = { readonly line: number; readonly column: number }

/**
 * `not-json`: the text cannot be read. `contradiction`: a value is good by itself, and not together
 * with another one. The others: against the schema.
 */
export type Reason =
  | 'not-json'
  | 'unknown-key'
  | 'missing'
  | 'wrong-name'
  | 'wrong-value'
  | 'contradiction'

/** A finding before its place and its value are looked up. */
export type Problem = {
  readonly path: Path
  readonly reason: Reason
  readonly expected: string
  readonly hint: Hint
}

/** What has to be searched for is, where somebody reads it. */
export type Hint = string | null | (() => string | null)

/** Of two values that do not go together. */
export const contradiction = (path: Path, expected: string, hint: Hint = null): Problem => ({
  path,
  reason: 'contradiction',
  expected,
  hint,
})

export function findingOf(
  problem: Problem,
  whole: unknown,
  place: Place | null,
  searched = true,
): Finding {
  const { path, reason, expected } = problem
  const hint = typeof problem.hint !== 'function' ? problem.hint : searched ? problem.hint() : null
  const value = shown(path, valueAt(whole, path))
  return { path: pathText(path), place, reason, value, expected, hint }
}

/** One line for people. */
export function findingText({ path, place, reason, value, expected, hint }: Finding): string {
  const at = place === null ? '' : `line ${place.line}, column ${place.column}: `
  const subject = path === '' ? 'the document' : path
  const advice = hint === null ? '' : `; ${hint}`
  const found = value === undefined ? ':' : ` is ${valueText(value)},`
  switch (reason) {
    case 'not-json':
      return `${at}expected ${expected}, not ${value}${advice}`
    case 'unknown-key':
      return `${at}${subject}: there is no such key${advice}`
    case 'missing':
      return `${at}${subject} is missing: expected ${expected}${advice}`
    case 'wrong-name':
      return `${at}${subject}: expected ${expected}${advice}`
    case 'wrong-value':
    case 'contradiction':
      return `${at}${subject}${found} expected ${expected}${advice}`
  }
}

/** What stands in parentheses is said of a value, not written in the document. */
const valueText = (value: Finding['value']): string =>
  typeof value === 'string' && /^\((a list of \d+|an object|not shown)\)$/.test(value)
    ? value
    : JSON.stringify(value)

const longest = 60

function shown(path: Path, value: unknown): Finding['value'] {
  if (Array.isArray(value)) return `(a list of ${value.length})`
  if (typeof value === 'object' && value !== null) return '(an object)'
  if (value !== undefined && maybeSecret(path, value)) return '(not shown)'
  if (typeof value === 'string' && value.length > longest) return `${value.slice(0, longest)}...`
  return value as Finding['value']
}

/** Also where it stands at the wrong key, or at one that was mistyped. */
function maybeSecret(path: Path, value: unknown): boolean {
  const isId = path.at(-1) === 'id' || path.at(-1) === 'activeKey'
  if (isId && typeof value === 'number' && value <= 255) return false
  return path.some(
    (step, index) =>
      typeof step === 'string' &&
      (/^auth|secret|passw|key$/i.test(step) ||
        (path[index - 1] === 'headers' && secretHeader.test(step))),
  )
}
