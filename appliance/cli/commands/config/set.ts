import type { Command } from 'commander'
import type { PatchStep } from '../../../api/configuration.ts'
import { type Path, pathText } from '../../../config/path.ts'
import { askDocument } from '../../ask-configuration.ts'
import { type ChangeOptions, withChangeOptions } from '../../care-options.ts'
import { readDocument } from '../../document-file.ts'
import { existingValue, isThere, parsePath, pointer } from '../../document-path.ts'
import { examples } from '../../examples.ts'
import { exitCode, Failure } from '../../exit-code.ts'
import { runFolder } from '../../folders.ts'
import { makeChange } from '../../make-change.ts'

const more = `
VALUE is JSON: 200, true, null, "text", [1, 2], {"a": 1}. A bare word such as wrr or 10s is text.
A place behind the last of a list adds to it. What it is set in has to be there already.`

export function addSet(config: Command): void {
  const command = config
    .command('set')
    .description('change one value')
    .argument('<path>', 'as refusals name it: cluster.services.web.scheduler')
    .argument('<value>', 'JSON, or a bare word')
    .addHelpText('after', more)
    .addHelpText(
      'after',
      examples(
        'config set cluster.routers.VI_1.priority 200',
        'config set cluster.services.web.scheduler wrr --confirm 2m',
        `config set cluster.services.web.servers.c '{"address": "10.0.0.3", "weight": 10}'`,
      ),
    )
  withChangeOptions(command).action(set)
}

export function addUnset(config: Command): void {
  const command = config
    .command('unset')
    .description('take one value out: what is not written has its default')
    .argument('<path>', 'as refusals name it')
    .addHelpText('after', examples('config unset cluster.services.web.scheduler'))
  withChangeOptions(command).action(unset)
}

async function set(text: string, written: string, options: ChangeOptions): Promise<void> {
  const path = parsePath(text)
  const { value, isBare } = readValue(written)
  if (isBare && !options.json && couldBeJson.test(written))
    console.log(`${JSON.stringify(value)} is taken as text`)
  await change(path, 'set', options, document => {
    existingValue(document, path.slice(0, -1))
    // RFC 6902 4.1: "add" to a list moves what stands there.
    const op = isInList(path) && isThere(document, path) ? 'replace' : 'add'
    return { op, path: pointer(path), value }
  })
}

async function unset(text: string, options: ChangeOptions): Promise<void> {
  const path = parsePath(text)
  await change(path, 'unset', options, document => {
    existingValue(document, path)
    return { op: 'remove', path: pointer(path) }
  })
}

async function change(
  path: Path,
  verb: 'set' | 'unset',
  options: ChangeOptions,
  stepFor: (document: unknown) => PatchStep,
): Promise<void> {
  if (path.length === 0) throw new Failure('expected a path inside of the document', exitCode.usage)
  const { document, revision } = await askDocument(runFolder(options.run, process.env))
  const patch = [stepFor(document)]
  // A place in a list is what it is in this revision; a name stays what it is.
  const parent = path.some(step => typeof step === 'number') ? revision?.number : undefined
  await makeChange({ patch, parent, reason: `${verb} ${pathText(path)}` }, options)
}

const isInList = (path: Path): boolean => typeof path.at(-1) === 'number'

/** Words that somebody may have meant as another value than a text. */
const couldBeJson = /^(true|false|null|none|undefined|[-+]?\d+)$/i

type Written = { readonly value: unknown; readonly isBare: boolean }

function readValue(text: string): Written {
  try {
    return { value: JSON.parse(text), isBare: false }
  } catch {
    if (!/^\s*["[{]/.test(text)) return { value: text, isBare: true }
    const read = readDocument(text)
    const why = 'document' in read ? '' : `: column ${read.place.column}: ${read.text}`
    throw new Failure(`the value is no JSON${why}`, exitCode.usage)
  }
}
