import type { Command } from 'commander'
import type { ChangeRequest } from '../../../api/configuration.ts'
import { type Finding, findingText } from '../../../config/finding.ts'
import { newestVersion } from '../../../config/migrations.ts'
import { pathText } from '../../../config/path.ts'
import { askStore } from '../../ask-configuration.ts'
import { type ChangeOptions, withChangeOptions } from '../../care-options.ts'
import { type DocumentFile, readDocument } from '../../document-file.ts'
import type { EditedFile } from '../../edited-file.ts'
import { examples } from '../../examples.ts'
import { exitCode, Failure } from '../../exit-code.ts'
import { runArgument, runFolder } from '../../folders.ts'
import { makeChange } from '../../make-change.ts'
import { merged } from '../../merged.ts'
import { Overtaken, RefusedDocument } from '../../show-refusal.ts'
import { showHead } from '../../show-revision.ts'

const more = `
The editor is $VISUAL, else $EDITOR, else vi or nano: EDITOR=nano diarch config edit. What is
refused is opened again with the reasons on top; save it as it is to give up. What you typed is
never lost: if it does not come into force, it stays in a file that is named.`

export function addEdit(config: Command): void {
  const command = config
    .command('edit')
    .description('change the document in an editor')
    .addHelpText('after', more)
    .addHelpText(
      'after',
      examples('config edit', 'config edit --confirm 2m --reason "two more servers"'),
    )
  withChangeOptions(command).action(edit)
}

const intro = [
  'Lines with # on top are no part of the document. A secret stands as "(not shown)" and stays as',
  'it is; write another one in its place. Save nothing, and nothing changes.',
]

const emptyDocument = { schemaVersion: newestVersion, cluster: {} }

async function edit(options: ChangeOptions): Promise<void> {
  const shown = await askStore(runFolder(options.run, process.env))
  const text = `${JSON.stringify(shown.document ?? emptyDocument, null, 2)}\n`
  const { EditedFile } = await import('../../edited-file.ts')
  const file = new EditedFile('configuration.json')
  file.write([...showHead(shown), ...intro], text)
  const parent = shown.revision?.number ?? 0
  try {
    await editUntilTaken(file, text, parent, options)
  } catch (error) {
    const overtaken = error instanceof Overtaken
    throw overtaken
      ? await onTopOfTheirs(file, text, error, options)
      : kept(file, text, parent, error, options)
  }
  file.discard()
}

/** Somebody else was faster: what was typed is put on top of what he made. */
async function onTopOfTheirs(
  file: EditedFile,
  original: string,
  error: Overtaken,
  options: ChangeOptions,
): Promise<unknown> {
  const base = JSON.parse(original)
  const read = readDocument(file.read())
  const mine = 'document' in read ? read.document : base
  const theirs = await askStore(runFolder(options.run, process.env))
  const { document, clashes } = merged(base, mine, theirs.document ?? {})
  const { changeText, difference } = await import('../../../config/difference.ts')
  const secrets = difference(base, mine)
    .filter(change => error.differences.includes(changeText(change)))
    .map(({ path }) => pathText(path))
  file.write([], `${JSON.stringify(document, null, 2)}\n`)
  const number = theirs.revision?.number ?? 0
  const both = [...new Set([...clashes, ...secrets])]
  const words = [
    error.message,
    `In the file below that is done: yours stands on top of revision ${number} there.`,
    ...both.map(path => `  both changed ${path}: in the file it is as you typed it`),
  ]
  return kept(file, original, number, new Failure(words.join('\n'), error.code), options)
}

/** What was typed stays with the advice how to go on; where nothing was, nothing stays. */
function kept(
  file: EditedFile,
  original: string,
  parent: number,
  error: unknown,
  { run }: ChangeOptions,
): unknown {
  const typed = file.read()
  const message = error instanceof Error ? error.message : String(error)
  const code = error instanceof Failure ? error.code : exitCode.failed
  if (typed === original || typed.trim() === '') {
    file.discard()
    return new Failure(`${message}\nnothing is changed`, code)
  }
  file.write([], typed)
  const runs = runArgument(runFolder(run, process.env), process.env)
  const advice = [
    `what you typed is kept: ${file.path}`,
    `  compare:        diarch config diff ${file.path}${runs}`,
    `  put in force:   diarch config apply ${file.path} --parent ${parent}${runs}`,
  ]
  return new Failure([message, ...advice].join('\n'), code)
}

async function editUntilTaken(
  file: EditedFile,
  original: string,
  parent: number,
  options: ChangeOptions,
): Promise<void> {
  for (let refused: string | null = null; ; ) {
    await file.edit(process.env)
    const typed = file.read()
    if (typed === original || typed.trim() === '') {
      console.log('nothing is changed')
      return
    }
    const why = await refusalOf(typed, file.path, { parent }, options)
    if (why === null) return
    if (typed === refused) throw why.failure
    refused = typed
    file.write(notesOf(why.problems), typed)
  }
}

type Refusal = {
  readonly failure: Failure
  /** Each with its line in the text, without the notes. */
  readonly problems: readonly Problem[]
}

type Problem = { readonly line: number | null; readonly text: string }

/** Null: it is in force. What another text would not mend is thrown. */
async function refusalOf(
  typed: string,
  path: string,
  { parent }: Pick<ChangeRequest, 'parent'>,
  options: ChangeOptions,
): Promise<Refusal | null> {
  const read = readDocument(typed)
  if (!('document' in read)) {
    const { line, column } = read.place
    const failure = new Failure(`line ${line}, column ${column}: ${read.text}`, exitCode.refused)
    return { failure, problems: [{ line, text: read.text }] }
  }
  try {
    const { document, placeOf } = read
    const where = { file: path, placeOf }
    await makeChange({ document, parent, where, reason: 'edited' }, options)
    return null
  } catch (error) {
    if (!(error instanceof RefusedDocument)) throw error
    return { failure: error, problems: error.findings.map(each => problemOf(each, read)) }
  }
}

const problemOf = (finding: Finding, { placeOf }: DocumentFile): Problem => ({
  line: placeOf(finding)?.line ?? null,
  text: findingText({ ...finding, place: null }),
})

const mostNotes = 20

/** The lines are those of the file with the notes in it. */
function notesOf(problems: readonly Problem[]): readonly string[] {
  const shown = problems.slice(0, mostNotes)
  const more = problems.length - shown.length
  const last = more > 0 ? [`and ${more} more`] : []
  const head = ['Refused, nothing is changed. Save it as it is to give up.']
  const height = head.length + shown.length + last.length
  const lines = shown.map(({ line, text }) =>
    line === null ? text : `line ${line + height}: ${text}`,
  )
  return [...head, ...lines, ...last]
}
