import type { Problem } from '../api/problem.ts'
import { type Finding, findingText, type Place } from '../config/finding.ts'
import { Refused } from './control-client.ts'
import { exitCode, Failure } from './exit-code.ts'
import { revisionText } from './show-revision.ts'

/** Where the findings of a document are; without a file they have their paths. */
export type Where = {
  readonly file: string
  readonly placeOf: (finding: Finding) => Place | null
}

/** What somebody has written is not valid; he may write it again. */
export class RefusedDocument extends Failure {
  readonly findings: readonly Finding[]

  constructor(message: string, findings: readonly Finding[]) {
    super(message, exitCode.refused)
    this.findings = findings
  }
}

/** Somebody else has changed the document meanwhile. */
export class Overtaken extends Failure {
  readonly differences: readonly string[]

  constructor(message: string, differences: readonly string[]) {
    super(message)
    this.differences = differences
  }
}

/** A refusal of a change in lines for people, each with its place; other errors as they are. */
export function refusedChange(error: unknown, where: Where | null): unknown {
  if (!(error instanceof Refused)) return error
  const { problem } = error
  const lines = linesOf(problem, where)
  if (lines === null) return error
  const text = lines.join('\n')
  const { findings } = problem
  if (findings !== undefined) return new RefusedDocument(text, findings)
  const { reason, differences = [] } = problem
  return reason === 'stale-revision' ? new Overtaken(text, differences) : new Failure(text)
}

function linesOf(problem: Problem, where: Where | null): readonly string[] | null {
  const { title, reason, findings, places, differences, newest } = problem
  if (findings !== undefined) {
    return [title, ...findings.map(each => `  ${findingLine(each, where)}`)]
  }
  if (reason === 'secrets-missing' && places !== undefined) {
    const advice = 'Write the secret there, or leave out what it belongs to.'
    return [title, ...places.map(place => `  ${place}`), advice]
  }
  if (reason === 'stale-revision' && differences !== undefined) {
    return [
      title,
      ...(newest ? [`  ${revisionText(newest)}`] : []),
      ...differences.map(each => `  ${each}`),
      'Nothing is changed. Look at what the other one did, and make yours on top of that.',
    ]
  }
  return null
}

export function findingLine(finding: Finding, where: Where | null): string {
  const place = where?.placeOf(finding) ?? null
  const text = findingText({ ...finding, place: null })
  return where === null || place === null
    ? text
    : `${where.file}:${place.line}:${place.column}: ${text}`
}
