import { type Command, InvalidArgumentError } from 'commander'
import type { ChangeAnswer, ChangeRequest } from '../api/configuration.ts'
import { parseDuration } from '../config/duration-text.ts'
import { minutes, seconds } from '../values/duration.ts'
import { askChange, askStore } from './ask-configuration.ts'
import { Refused } from './control-client.ts'
import { Failure } from './exit-code.ts'
import { runArgument, runFolder, runOption } from './folders.ts'
import { withProgress } from './progress.ts'
import { showOutcome, showPlan } from './show-change.ts'
import { refusedChange, type Where } from './show-refusal.ts'
import { agrees, isTerminal } from './terminal-question.ts'

/** Of every command that changes the configuration. */
export type ChangeOptions = {
  readonly run?: string
  readonly confirm?: string
  readonly reason?: string
  readonly dryRun?: true
  readonly yes?: true
  readonly json?: true
}

export const withChangeOptions = (command: Command): Command =>
  withCareOptions(command).option('--json', 'the answer as an object; nothing is asked')

/** How careful it is to be. */
export const withCareOptions = (command: Command): Command =>
  command
    .option('--confirm <time>', 'on trial: goes back by itself unless confirmed, as 2m', time)
    .option('--reason <text>', 'why, for the history')
    .option('--dry-run', 'say what would happen, and change nothing')
    .option('--yes', 'do not ask')
    .option(...runOption)

function time(text: string): string {
  const length = parseDuration(text)
  if (length !== null && length >= seconds(5) && length <= minutes(24 * 60)) return text
  throw new InvalidArgumentError('Expected a time from 5s to 24h, such as 90s, 2m or 1h.')
}

export type WantedChange = Pick<ChangeRequest, 'document' | 'patch' | 'revision' | 'parent'> & {
  /** For the history, when nobody gives one. */
  readonly reason: string
  readonly where?: Where
}

/**
 * Shows what will happen and, where somebody sits, asks before it does. What was shown is what
 * happens: if somebody else is faster, it is refused.
 */
export async function makeChange(wanted: WantedChange, options: ChangeOptions): Promise<void> {
  const { where = null, ...change } = wanted
  const request: ChangeRequest = {
    ...change,
    reason: options.reason ?? change.reason,
    ...(options.confirm === undefined ? {} : { confirmWithin: options.confirm }),
  }
  try {
    await changeAsked(request, options)
  } catch (error) {
    if (options.json && error instanceof Refused) console.log(pretty(error.problem))
    throw refusedChange(error, where)
  }
}

async function changeAsked(request: ChangeRequest, options: ChangeOptions): Promise<void> {
  const folder = runFolder(options.run, process.env)
  if (options.dryRun || options.yes || options.json || !isTerminal()) {
    const dry = options.dryRun ? { dryRun: true } : {}
    const answer = await withProgress('at work', askChange(folder, { ...request, ...dry }))
    say(answer, options)
    return
  }
  // A rehearsal is never refused for this.
  await askStore(folder)
  const planned = await withProgress('planning', askChange(folder, { ...request, dryRun: true }))
  if (planned.outcome === 'same') {
    console.log(showOutcome(planned, ''))
    return
  }
  console.log(showPlan(planned))
  if (!(await agrees(request.confirmWithin ? 'Try it?' : 'Do it?'))) {
    throw new Failure('nothing is changed')
  }
  const parent = request.parent ?? planned.revision?.number ?? 0
  const answer = await withProgress('applying', askChange(folder, { ...request, parent }))
  console.log(showOutcome(answer, runArgument(folder, process.env)))
}

function say(answer: ChangeAnswer, { json, run }: ChangeOptions): void {
  if (json) {
    console.log(pretty(answer))
    return
  }
  if (answer.outcome !== 'same') console.log(showPlan(answer))
  console.log(showOutcome(answer, runArgument(runFolder(run, process.env), process.env)))
}

const pretty = (value: unknown): string => JSON.stringify(value, null, 2)
