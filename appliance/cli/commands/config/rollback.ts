import { Argument, type Command } from 'commander'
import type { RevisionInfo } from '../../../api/configuration.ts'
import { askChange, askEndOfTrial, askHistory, askStore } from '../../ask-configuration.ts'
import { type ChangeOptions, withChangeOptions } from '../../care-options.ts'
import { Refused } from '../../control-client.ts'
import { examples } from '../../examples.ts'
import { Failure } from '../../exit-code.ts'
import { runFolder } from '../../folders.ts'
import { makeChange } from '../../make-change.ts'
import { revisionNumber } from '../../revision-number.ts'
import { revisionText } from '../../show-revision.ts'

const more = `
Without a number it ends a trial; where there is none it goes to the last revision before that was
otherwise. Either way a new revision has what the old one had: nothing is lost from the history.`

export function addRollback(config: Command): void {
  const command = config
    .command('rollback')
    .description('go back to an earlier revision, or end a trial now')
    .addArgument(new Argument('[revision]', 'its number').argParser(revisionNumber))
    .addHelpText('after', more)
    .addHelpText(
      'after',
      examples('config rollback', 'config rollback 12 --dry-run', 'config rollback 12 --yes'),
    )
  withChangeOptions(command).action(rollback)
}

async function rollback(number: number | undefined, options: ChangeOptions): Promise<void> {
  const runDir = runFolder(options.run, process.env)
  const { revision, trial } = await askStore(runDir)
  if (number === undefined && trial !== null && !options.dryRun) {
    const back = await askEndOfTrial(runDir)
    console.log(options.json ? JSON.stringify(back, null, 2) : `in force: ${revisionText(back)}`)
    return
  }
  const to = number ?? trial?.fallBackTo ?? (await numberBefore(runDir, revision))
  const parent = revision?.number
  await makeChange({ revision: to, parent, reason: `back to revision ${to}` }, options)
}

/**
 * The last one that says something else. One that was on trial is passed over: kept, there is a
 * revision after it that says the same; not kept, nobody wants it.
 */
async function numberBefore(runDir: string, newest: RevisionInfo | null): Promise<number> {
  const { revisions } = await askHistory(runDir)
  const earlier = revisions
    .filter(({ number, fallBackTo }) => number < (newest?.number ?? 0) && fallBackTo === null)
    .map(({ number }) => number)
    .sort((a, b) => b - a)
  for (const number of earlier) if (await differs(runDir, number)) return number
  throw new Failure('there is no revision before that was otherwise: nothing is changed')
}

/** A rehearsal knows of secrets too; what would be refused is passed over. */
async function differs(runDir: string, revision: number): Promise<boolean> {
  try {
    return (await askChange(runDir, { revision, dryRun: true })).outcome !== 'same'
  } catch (error) {
    if (error instanceof Refused && error.problem.reason === 'no-such-revision') return false
    throw error
  }
}
