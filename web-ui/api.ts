/** The control API of the box, for who is logged in. */

export type Problem = {
  readonly status: number
  readonly reason: string
  readonly title: string
  readonly detail?: string
  readonly findings?: readonly unknown[]
  readonly differences?: readonly string[]
  readonly places?: readonly string[]
}

/** What the box does not do, in its words. */
export class Refusal extends Error {
  readonly problem: Problem

  constructor(problem: Problem) {
    super(problem.detail === undefined ? problem.title : `${problem.title}. ${problem.detail}`)
    this.problem = problem
  }
}

/** The box itself gives up a little earlier, and says so. */
const answerWithinMs = 30_000
const lookWithinMs = 5000

let csrf = ''
let onLoggedOut = (): void => {}

/** Of the session; without it the box takes no change from a browser. */
export const useCsrfToken = (token: string | null): void => {
  csrf = token ?? ''
}

export const csrfHeader = (): Readonly<Record<string, string>> => ({ 'X-CSRF-Token': csrf })

export const whenLoggedOut = (then: () => void): void => {
  onLoggedOut = then
}

export async function ask<T>(
  method: 'GET' | 'POST' | 'PUT' | 'DELETE',
  path: string,
  body?: unknown,
  withinMs = answerWithinMs,
): Promise<T> {
  const response = await sent(method, path, body, withinMs)
  const value: unknown = await response.json().catch(() => null)
  if (response.ok) return value as T
  throw refusalOf(response.status, value)
}

export function refusalOf(status: number, value: unknown): Refusal {
  const problem = (value ?? {}) as Partial<Problem>
  if (problem.reason === 'not-logged-in') onLoggedOut()
  return new Refusal({
    ...problem,
    status,
    reason: problem.reason ?? 'unknown',
    title: problem.title ?? `The box answered with status ${status}`,
  })
}

/** False when the box says that nobody is; whoever gets no answer does not know. */
export const stillLoggedIn = (): Promise<boolean> =>
  ask('GET', '/api/v1/session', undefined, lookWithinMs).then(
    () => true,
    error => !(error instanceof Refusal && error.problem.reason === 'not-logged-in'),
  )

async function sent(
  method: string,
  path: string,
  body: unknown,
  withinMs: number,
): Promise<Response> {
  const headers: Record<string, string> = {}
  if (method !== 'GET') headers['X-CSRF-Token'] = csrf
  if (body !== undefined) headers['Content-Type'] = 'application/json'
  try {
    const content = body === undefined ? {} : { body: JSON.stringify(body) }
    const signal = AbortSignal.timeout(withinMs)
    return await fetch(path, { method, headers, cache: 'no-store', signal, ...content })
  } catch {
    throw new Refusal({
      status: 0,
      reason: 'no-answer',
      title: 'The box does not answer',
      detail: 'Nothing was changed by this, as far as is known. Look again when it is back.',
    })
  }
}

export const textOf = (error: unknown): string =>
  error instanceof Error ? error.message : String(error)
