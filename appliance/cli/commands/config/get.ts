import type { Command } from 'commander'
import { askDocument } from '../../ask-configuration.ts'
import { existingValue, parsePath } from '../../document-path.ts'
import { examples } from '../../examples.ts'
import { runFolder, runOption } from '../../folders.ts'
import { revisionNumber } from '../../revision-number.ts'

export function addGet(config: Command): void {
  config
    .command('get')
    .description('one value of the document, as it is written; text has no quotes')
    .argument('<path>', 'as refusals name it: cluster.services.web.scheduler')
    .option('--revision <number>', 'as it was then', revisionNumber)
    .option('--json', 'text in quotes too')
    .option(...runOption)
    .addHelpText(
      'after',
      examples(
        'config get cluster.routers.VI_1.priority',
        `config get 'cluster.services.web.servers["10.0.0.1:80"]'`,
      ),
    )
    .action(get)
}

type Options = { readonly run?: string; readonly revision?: number; readonly json?: true }

async function get(text: string, { run, revision, json }: Options): Promise<void> {
  const path = parsePath(text)
  const { document } = await askDocument(runFolder(run, process.env), revision)
  const value = existingValue(document, path)
  console.log(typeof value === 'string' && !json ? value : JSON.stringify(value, null, 2))
}
