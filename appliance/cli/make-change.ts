import type { ChangeAnswer, ChangeRequest } from '../api/configuration.ts'
import { askChange, askStore } from './ask-configuration.ts'
import type { ChangeOptions } from './care-options.ts'
import { Refused } from './control-client.ts'
import { Failure } from './exit-code.ts'
import { runArgument, runFolder } from './folders.ts'
import { withProgress } from './progress.ts'
import { showOutcome, showPlan } from './show-change.ts'
import { refusedChange, type Where } from './show-refusal.ts'
import { agrees, isTerminal } from './terminal-question.ts'

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
