import type { Command } from 'commander'
import type { Change } from '../../../config/difference.ts'
import { pathText } from '../../../config/path.ts'
import { askDocument } from '../../ask-configuration.ts'
import { readDocumentFile } from '../../document-file.ts'
import { examples } from '../../examples.ts'
import { exitCode, Failure } from '../../exit-code.ts'
import { runFolder, runOption } from '../../folders.ts'
import { isNumber } from '../../revision-number.ts'

const more = `
diff           what the newest revision changed
diff N         from revision N to what is in force
diff N M       from one revision to another
diff FILE      from what is in force to a document ("-": standard input; ./7: a file called 7)

Secrets are not compared: "apply FILE --dry-run" and "rollback N --dry-run" do it.`

export function addDiff(config: Command): void {
  config
    .command('diff')
    .description('what differs between revisions, or between what is in force and a file')
    .argument('[from]', 'a revision or a file')
    .argument('[to]', 'a revision')
    .option('--exit-code', 'exit with 4 when something differs')
    .option(...runOption)
    .addHelpText('after', more)
    .addHelpText('after', examples('config diff', 'config diff 12 14', 'config diff pair.json'))
    .action(diff)
}

type Options = { readonly run?: string; readonly exitCode?: true }

async function diff(from: string | undefined, to: string | undefined, options: Options) {
  const runDir = runFolder(options.run, process.env)
  const [before, after] = await documentsOf(runDir, from, to)
  // It knows the schema, which other commands need not wait for.
  const { changeText, difference } = await import('../../../config/difference.ts')
  const changes = difference(before, after)
  for (const change of changes) console.log(secretText(change) ?? changeText(change))
  if (changes.length === 0) console.log('nothing differs')
  if (options.exitCode && changes.length > 0) process.exitCode = exitCode.notOk
}

/** A file may have secrets in it; what is in force does not show its own. */
const secretText = (change: Change): string | null =>
  change.kind === 'secret-changed'
    ? `${pathText(change.path)}: a secret is given; "apply --dry-run" says whether it is another`
    : null

type Two = readonly [unknown, unknown]

async function documentsOf(runDir: string, from?: string, to?: string): Promise<Two> {
  if (from === undefined) return newestChange(runDir)
  const inForce = (number?: string) =>
    askDocument(runDir, number === undefined ? undefined : Number(number))
  if (isNumber(from)) {
    if (to !== undefined && !isNumber(to)) {
      throw new Failure(`"${to}" is no number of a revision`, exitCode.usage)
    }
    return [(await inForce(from)).document, (await inForce(to)).document]
  }
  if (to !== undefined) {
    throw new Failure('a file is compared with what is in force, nothing else', exitCode.usage)
  }
  const { document } = readDocumentFile(from)
  return [(await inForce()).document, document]
}

async function newestChange(runDir: string): Promise<Two> {
  const { revision, document, source } = await askDocument(runDir)
  if (revision === null) {
    throw new Failure(`there are no revisions: it is read from ${source}. Name a file.`)
  }
  if (revision.parent === 0) return [{}, document]
  return [(await askDocument(runDir, revision.parent)).document, document]
}
