import { Argument, type Command } from 'commander'
import { powerActions } from '../../api/system-words.ts'
import { ask } from '../control-client.ts'
import { examples } from '../examples.ts'
import { exitCode, Failure } from '../exit-code.ts'
import { runFolder, runOption } from '../folders.ts'
import { agrees, isTerminal } from '../terminal-question.ts'

export function addPower(diarch: Command): void {
  diarch
    .command('power')
    .description('restart this box or switch it off, in order: the other box takes over first')
    .addArgument(new Argument('<action>', 'what is to be done').choices([...powerActions]))
    .option('--yes', 'do not ask')
    .option(...runOption)
    .addHelpText('after', examples('power restart', 'power off --yes'))
    .action(power)
}

type Options = { readonly run?: string; readonly yes?: true }

async function power(action: string, { run, yes }: Options): Promise<void> {
  const what = action === 'off' ? 'Switch this box off?' : 'Restart this box?'
  await sureOf(what, yes === true)
  await ask(runFolder(run, process.env), 'POST', '/api/v1/power', { action })
  console.log(action === 'off' ? 'the box switches off' : 'the box starts again')
}

/** Where nobody can be asked, --yes says it. */
async function sureOf(question: string, isSaid: boolean): Promise<void> {
  if (isSaid) return
  if (!isTerminal()) throw new Failure('nobody can be asked here: say --yes', exitCode.usage)
  if (!(await agrees(question))) throw new Failure('nothing is changed')
}
