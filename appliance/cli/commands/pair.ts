import { type Command, Option } from 'commander'
import { lacksHeartbeats } from '../../pairing/pair-heartbeats.ts'
import type { PairStatus } from '../../status/pair-status.ts'
import { askConfiguration } from '../ask-configuration.ts'
import { ask } from '../control-client.ts'
import { textOfFile } from '../document-file.ts'
import { examples } from '../examples.ts'
import { exitCode, Failure } from '../exit-code.ts'
import { runFolder, runFolderBelow, runOption } from '../folders.ts'
import { type FoundBoxes, type ShownPair, showFoundBoxes, showPair } from '../show-pair.ts'
import { askSecretly, isTerminal } from '../terminal-question.ts'
import { addHeartbeats } from './pair-heartbeats.ts'
import { addRotateKeys } from './pair-keys.ts'

type Run = { readonly run?: string }

const noHeartbeats =
  'This box hears the other one by VRRP alone: "diarch pair heartbeats", on each, makes a second ' +
  'way'

const path = '/api/v1/pair'

export function addPair(diarch: Command): void {
  const pair = diarch
    .command('pair')
    .description('the other box of the pair, and how far the two are with each other')
    .option(...runOption)
    .option('--json', 'as it is')
    .addHelpText('after', examples('pair', 'pair code', 'pair join 192.0.2.11', 'pair leave'))
    .action(show)
  pair
    .command('code')
    .description('show a code with which another box may join; it replaces a peer that is gone')
    .option('--end', 'the code that is shown is worth nothing any more')
    .option(...runOption)
    .addHelpText('after', examples('pair code', 'pair code --end'))
    .action(code)
  pair
    .command('discover')
    .description('look for boxes on the networks of this one that show a pairing code')
    .option('--json', 'as it is')
    .option(...runOption)
    .addHelpText('after', examples('pair discover', 'pair discover --json'))
    .action(discover)
  pair
    .command('join')
    .description('become the peer of another box, and take its configuration')
    .argument('<address>', 'of the other box, such as 192.0.2.11')
    .option(
      '--interface <router=port...>',
      'what the port of a router is called here; PORT: of all',
    )
    .option('--code-stdin', 'the code is read from standard input, and never asked')
    .option('--any-version', 'also where the other box has other software, of the same schema')
    .option(...runOption)
    .addHelpText('after', examples('pair join 192.0.2.11', 'pair join 192.0.2.11 --code-stdin'))
    .action(join)
  pair
    .command('resolve')
    .description('end a conflict: both boxes get what one of them has')
    .addOption(keepOption())
    .option(...runOption)
    .addHelpText('after', examples('pair resolve --keep ours'))
    .action(resolve)
  pair
    .command('leave')
    .description('the two boxes are no pair any more; each keeps its configuration')
    .option(...runOption)
    .addHelpText('after', examples('pair leave'))
    .action(leave)
  addHeartbeats(pair)
  addRotateKeys(pair)
}

const keepOption = (): Option =>
  new Option('--keep <side>', 'ours: what this box has')
    .choices(['ours', 'theirs'])
    .makeOptionMandatory()

async function show({ run, json }: Run & { readonly json?: true }): Promise<void> {
  const folder = runFolder(run, process.env)
  const shown = (await ask(folder, 'GET', path)) as ShownPair
  if (json) {
    console.log(JSON.stringify(shown, null, 2))
    return
  }
  console.log(showPair(shown))
  if (shown.peer === null) return
  const { document } = await askConfiguration(folder)
  if (lacksHeartbeats(document)) console.log(noHeartbeats)
}

async function code(options: Run & { readonly end?: true }, command: Command): Promise<void> {
  const folder = runFolderBelow(options, command)
  if (options.end) {
    await ask(folder, 'DELETE', `${path}/code`)
    console.log('no code is shown any more')
    return
  }
  const shown = (await ask(folder, 'POST', `${path}/code`)) as { readonly code: string }
  console.log(`${shown.code}\n`)
  console.log('Type it on the other box, within ten minutes: its wizard asks for it, and so does')
  console.log('"diarch pair join ADDRESS". The other box takes the configuration of this one.')
}

async function discover(options: Run & { readonly json?: true }, command: Command): Promise<void> {
  const found = (await ask(
    runFolderBelow(options, command),
    'GET',
    `${path}/discovery`,
  )) as FoundBoxes
  const json = options.json ?? command.parent?.opts<{ readonly json?: true }>().json
  console.log(json ? JSON.stringify(found, null, 2) : showFoundBoxes(found))
}

type JoinOptions = Run & {
  readonly codeStdin?: true
  readonly anyVersion?: true
  readonly interface?: readonly string[]
}

async function join(address: string, options: JoinOptions, command: Command): Promise<void> {
  const typed = options.codeStdin ? textOfFile('-').trim() : await askedCode()
  const { anyVersion = false } = options
  const body = { peer: address, code: typed, anyVersion, ...portsIn(options.interface ?? []) }
  const status = (await ask(
    runFolderBelow(options, command),
    'POST',
    `${path}/join`,
    body,
  )) as PairStatus
  console.log(`${status.state}: ${status.why}`)
}

function portsIn(words: readonly string[]) {
  const read = words.map(word => /^(?:([^=]+)=)?([^=]+)$/.exec(word)?.slice(1) ?? [word])
  const wrong = read.find(pair => pair.length !== 2)
  if (wrong !== undefined) {
    const expected = 'expected PORT, or ROUTER=PORT as VI_1=lan1'
    throw new Failure(`--interface ${wrong[0]}: ${expected}`, exitCode.usage)
  }
  const [all] = read.flatMap(([router, port]) => (router === undefined ? port : []))
  const interfaces = Object.fromEntries(read.filter(([router]) => router !== undefined))
  return { interfaces, ...(all === undefined ? {} : { interface: all }) }
}

async function askedCode(): Promise<string> {
  if (isTerminal()) return askSecretly('The code that the other box shows: ')
  const advice = '--code-stdin reads it where nobody can be asked'
  throw new Failure(`the code of the other box is needed: ${advice}`, exitCode.usage)
}

async function resolve(
  options: Run & { readonly keep: 'ours' | 'theirs' },
  command: Command,
): Promise<void> {
  const { keep } = options
  await ask(runFolderBelow(options, command), 'POST', `${path}/resolution`, { keep })
  const whose = keep === 'ours' ? 'of this box' : 'of the other box'
  console.log(`both boxes get the configuration ${whose}`)
}

async function leave(options: Run, command: Command): Promise<void> {
  await ask(runFolderBelow(options, command), 'DELETE', path)
  console.log('this box is paired with nobody; both keep the configuration that they have')
}
