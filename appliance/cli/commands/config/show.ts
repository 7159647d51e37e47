import type { Command } from 'commander'
import { askConfiguration, askDocument } from '../../ask-configuration.ts'
import { examples } from '../../examples.ts'
import { runFolder, runOption } from '../../folders.ts'
import { revisionNumber } from '../../revision-number.ts'
import { showHead } from '../../show-revision.ts'

export function addShow(config: Command): void {
  config
    .command('show')
    .description('the document in force; who made it, when and why goes to standard error')
    .option('--revision <number>', 'as it was then', revisionNumber)
    .option('--json', 'with its number, author, time and reason in one object')
    .option(...runOption)
    .addHelpText('after', '\nSecrets stand as "(not shown)": diarch config export --secrets.')
    .addHelpText('after', examples('config show', 'config show --revision 12 > then.json'))
    .action(show)
}

type Options = { readonly run?: string; readonly revision?: number; readonly json?: true }

async function show({ run, revision, json }: Options): Promise<void> {
  const runDir = runFolder(run, process.env)
  if (json) {
    console.log(JSON.stringify(await askConfiguration(runDir, revision), null, 2))
    return
  }
  const shown = await askDocument(runDir, revision)
  for (const line of showHead(shown)) console.error(line)
  console.log(JSON.stringify(shown.document, null, 2))
}
