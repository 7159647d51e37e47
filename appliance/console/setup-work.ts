import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import type { ChangeAnswer, ChangeRequest, ShownConfiguration } from '../api/configuration.ts'
import type { Problem } from '../api/problem.ts'
import { findingText } from '../config/finding.ts'
import { newestVersion } from '../config/migrations.ts'
import { type ControlMethod, requestControl } from '../linux/control-request.ts'
import { setupDocument } from '../setup/document.ts'
import type { Setup } from '../setup/setup.ts'
import type { HeardRouter } from '../status/heard-router.ts'
import { type Summary, trialSummary } from './trial-summary.ts'

/** Somebody who has cut himself off from the network cannot say so: it goes back by itself. */
const trialSeconds = 60

export type SetUp =
  | { readonly kind: 'on-trial'; readonly seconds: number; readonly summary: Summary }
  | { readonly kind: 'refused'; readonly lines: readonly string[] }

/** Makes the configuration of the answers, on trial: over the API, as everybody else does. */
export async function setUp(runDir: string, setup: Setup): Promise<SetUp> {
  try {
    await needsSomethingToGoBackTo(runDir)
    const [key = '', guardKey = ''] = [0, 1].map(() => randomBytes(32).toString('hex'))
    const document = setupDocument(setup, { key, guardKey })
    const confirmWithin = `${trialSeconds}s`
    const answer = await change(runDir, { document, confirmWithin, ...(await onTop(runDir)) })
    const seconds = answer.trial?.secondsLeft ?? trialSeconds
    return { kind: 'on-trial', seconds, summary: trialSummary(setup) }
  } catch (error) {
    return { kind: 'refused', lines: linesOf(error) }
  }
}

export async function confirmSetUp(runDir: string): Promise<readonly string[] | null> {
  try {
    await ask(runDir, 'POST', '/api/v1/configuration/confirmation')
    return null
  } catch (error) {
    return linesOf(error)
  }
}

export async function takeBackSetUp(runDir: string): Promise<readonly string[] | null> {
  try {
    await ask(runDir, 'DELETE', '/api/v1/configuration/trial')
    return null
  } catch (error) {
    return linesOf(error)
  }
}

/** Null: nobody could be asked. */
export async function askHeardRouters(runDir: string): Promise<readonly HeardRouter[] | null> {
  try {
    const answer = await ask(runDir, 'GET', '/api/v1/routers/heard')
    return (answer as { readonly routers: readonly HeardRouter[] }).routers
  } catch {
    return null
  }
}

/** A first configuration cannot be tried: an empty one comes before it. */
async function needsSomethingToGoBackTo(runDir: string): Promise<void> {
  const { revision } = (await current(runDir)) ?? {}
  if (revision !== null) return
  const document = { schemaVersion: newestVersion, cluster: {} }
  await change(runDir, { document, parent: 0, reason: 'before setup' })
}

async function onTop(runDir: string): Promise<Pick<ChangeRequest, 'parent' | 'reason'>> {
  const { revision } = await current(runDir)
  return { parent: revision?.number ?? 0, reason: 'setup at the console' }
}

export const current = async (runDir: string): Promise<ShownConfiguration> =>
  (await ask(runDir, 'GET', '/api/v1/configuration')) as ShownConfiguration

export const change = async (runDir: string, request: ChangeRequest): Promise<ChangeAnswer> =>
  (await ask(runDir, 'POST', '/api/v1/configuration/changes', request)) as ChangeAnswer

export class Refused extends Error {
  readonly problem: Partial<Problem>

  constructor(problem: Partial<Problem>) {
    super(problem.title ?? 'The supervisor could not do it')
    this.problem = problem
  }
}

export async function ask(
  runDir: string,
  method: ControlMethod,
  path: string,
  body?: unknown,
): Promise<unknown> {
  const socket = join(runDir, 'control.sock')
  const { status, value } = await requestControl(socket, method, path, 'setup', body)
  if (status >= 300) throw new Refused((value ?? {}) as Partial<Problem>)
  return value
}

export function linesOf(error: unknown): readonly string[] {
  if (!(error instanceof Refused)) {
    const why = error instanceof Error ? error.message : String(error)
    return ['The supervisor does not answer.', why]
  }
  const { title = error.message, detail = '', findings = [] } = error.problem
  return [title, ...findings.map(findingText), ...(findings.length === 0 ? [detail] : [])]
}
