import type * as z from 'zod'
import type { Problem, Reason } from './finding.ts'
import { keyHint, valueHint } from './hints.ts'
import { newName } from './migrations.ts'
import { type Path, valueAt } from './path.ts'

type Issue = z.core.$ZodIssue

/** What the containers expect; the leaves say it themselves. */
export function expectation(issue: z.core.$ZodRawIssue): string {
  if (issue.code !== 'invalid_type') return 'another value'
  switch (issue.expected) {
    case 'object':
    case 'record':
      return 'an object'
    case 'array':
    case 'tuple':
      return 'a list'
    case 'string':
      return 'text in quotes'
    default:
      return `a ${issue.expected}`
  }
}

/** The schema's complaints in our words. */
export function problemsOf(issues: readonly Issue[], whole: unknown): readonly Problem[] {
  return issues.flatMap(issue => problemsOfIssue(issue, [], whole))
}

function problemsOfIssue(issue: Issue, prefix: Path, whole: unknown): readonly Problem[] {
  const path: Path = [...prefix, ...issue.path.map(step => (isIndex(step) ? step : String(step)))]
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map(name => unknownKey([...path, name], whole))
    case 'invalid_key':
      return [
        {
          path,
          reason: 'wrong-name',
          expected: issue.issues[0]?.message ?? issue.message,
          hint: null,
        },
      ]
    case 'invalid_union': {
      const meant = meantBranch(issue.errors)
      if (meant === null) return [wrongValue(path, issue.message, whole)]
      return meant.flatMap(inner => problemsOfIssue(inner, path, whole))
    }
    case 'invalid_type': {
      const expected = issue.expected === 'object' ? 'an object' : issue.message
      return [wrongValue(path, expected, whole)]
    }
    default:
      return [wrongValue(path, issue.message, whole)]
  }
}

const isIndex = (step: PropertyKey): step is number => typeof step === 'number'

const unknownKey = (path: Path, whole: unknown): Problem => ({
  path,
  reason: 'unknown-key',
  expected: 'a key that there is',
  hint: () => newName(path) ?? keyHint(path, whole),
})

function wrongValue(path: Path, expected: string, whole: unknown): Problem {
  const value = valueAt(whole, path)
  const reason: Reason = value === undefined ? 'missing' : 'wrong-value'
  return { path, reason, expected, hint: () => valueHint(value, expected) }
}

/** Of the forms that a value may have, the one whose inside was looked at: an object. */
function meantBranch(branches: readonly (readonly Issue[])[]): readonly Issue[] | null {
  const [meant, ...others] = branches.filter(issues =>
    issues.every(({ code, path }) => path.length > 0 || code === 'unrecognized_keys'),
  )
  return others.length === 0 ? (meant ?? null) : null
}
