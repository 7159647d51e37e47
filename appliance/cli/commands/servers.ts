import { type Command, InvalidArgumentError } from 'commander'
import type { Override } from '../../health/service-config.ts'
import { ask } from '../control-client.ts'
import { examples } from '../examples.ts'
import { runFolder, runOption } from '../folders.ts'
import { askServers, type Named, pathOfServer } from '../server-names.ts'

const serverText = 'shop/web1, or web1 or its address for every service that has it'

/** What an operator says of single servers; it outlives reload and reboot until taken back. */
export function addServerCommands(diarch: Command): void {
  const command = (name: string, description: string, ...lines: string[]): Command =>
    diarch
      .command(name)
      .description(description)
      .argument('<server>', serverText)
      .option(...runOption)
      .addHelpText('after', examples(...lines))

  command(
    'drain',
    'no new connections for a server; those that it has end by themselves',
    'drain shop/web1',
  ).action((server, options) => say(server, options, { state: 'drain' }))
  command('undrain', 'a drained server gets connections again', 'undrain shop/web1').action(
    (server, options) => say(server, options, { state: null }),
  )
  command(
    'disable',
    'a server leaves the table at once, with its connections',
    'disable web1',
  ).action((server, options) => say(server, options, { state: 'disabled' }))
  command('enable', 'a disabled server is as the configuration says again', 'enable web1').action(
    (server, options) => say(server, options, { state: null }),
  )
  command(
    'weight',
    'another weight for a server',
    'weight shop/web1 50',
    'weight shop/web1 configured',
  )
    .argument('<weight>', '0 to 65535, or "configured"', parseWeight)
    .action((server, weight: number | null, options) => say(server, options, { weight }))
}

type Options = { readonly run?: string }
type Word = Partial<Pick<Override, 'state' | 'weight'>>

async function say(text: string, { run }: Options, word: Word): Promise<void> {
  const runDir = runFolder(run, process.env)
  for (const named of await askServers(runDir, text)) {
    const now = (await ask(runDir, 'PUT', pathOfServer(named, 'override'), word)) as Override
    console.log(`${nameOf(named)}: ${stateText(now)}, weight ${now.weight ?? 'as configured'}`)
  }
}

function stateText({ state }: Override): string {
  if (state === 'drain') return 'drained'
  return state === 'disabled' ? 'disabled' : 'takes part'
}

const nameOf = ({ service, server }: Named): string => `${service.name}/${server.name}`

function parseWeight(text: string): number | null {
  if (text === 'configured') return null
  const weight = Number(text)
  if (/^\d{1,5}$/.test(text) && weight <= 65_535) return weight
  throw new InvalidArgumentError('Expected a whole number from 0 to 65535, or "configured".')
}
