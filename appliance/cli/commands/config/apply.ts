import type { Command } from 'commander'
import { askConfiguration } from '../../ask-configuration.ts'
import { type ChangeOptions, withChangeOptions } from '../../care-options.ts'
import { nameOfFile, readDocumentFile } from '../../document-file.ts'
import { examples } from '../../examples.ts'
import { runFolder } from '../../folders.ts'
import { makeChange } from '../../make-change.ts'
import { revisionNumber } from '../../revision-number.ts'

const more = `
With --parent it is refused if somebody has made another revision since: what he changed is shown.
Without, it takes the place of whatever there is. "(not shown)" leaves a secret as it is.
Exit code 5: the document is not valid; 1: refused for another reason. Nothing is changed then.`

export function addApply(config: Command): void {
  const command = config
    .command('apply')
    .description('put a whole document in force')
    .argument('<file>', 'a document; "-" is standard input')
    .option('--parent <number>', 'the revision that it was made from', revisionNumber)
    .addHelpText('after', more)
    .addHelpText(
      'after',
      examples(
        'config apply pair.json --dry-run',
        'config apply pair.json --confirm 2m --reason "two more servers"',
        'config apply - --parent 12 < pair.json',
      ),
    )
  withChangeOptions(command).action((file: string, options: Options) =>
    applyFile(file, options, `${nameOfFile(file)} applied`),
  )
}

type Options = ChangeOptions & { readonly parent?: number }

export async function applyFile(file: string, options: Options, reason: string): Promise<void> {
  const { document, placeOf } = readDocumentFile(file)
  const parent = options.parent ?? (await newestNumber(options.run))
  const where = { file: nameOfFile(file), placeOf }
  await makeChange({ document, parent, where, reason }, options)
}

/** 0 where there is none. */
export async function newestNumber(run: string | undefined): Promise<number> {
  return (await askConfiguration(runFolder(run, process.env))).revision?.number ?? 0
}
