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
  ).action((server, options) => say(server, options, { state: 'drain' }, 'drained'))
  command('undrain', 'a drained server gets connections again', 'undrain shop/web1').action(
    (server, options) => say(server, options, { state: null }, asConfigured),
  )
  command(
    'disable',
    'a server leaves the table at once, with its connections',
    'disable web1',
  ).action((server, options) => say(server, options, { state: 'disabled' }, 'disabled'))
  command('enable', 'a disabled server is as the configuration says again', 'enable web1').action(
    (server, options) => say(server, options, { state: null }, asConfigured),
  )
  command(
    'weight',
    'another weight for a server',
    'weight shop/web1 50',
    'weight shop/web1 configured',
  )
    .argument('<weight>', '0 to 65535, or "configured"', parseWeight)
    .action((server, weight: number | null, options) => {
      const words = weight === null ? asConfigured : `has weight ${weight}`
      return say(server, options, { weight }, words)
    })
}

const asConfigured = 'as the configuration says'

type Options = { readonly run?: string }
type Word = Partial<Pick<Override, 'state' | 'weight'>>

async function say(text: string, { run }: Options, word: Word, words: string): Promise<void> {
  const runDir = runFolder(run, process.env)
  for (const named of await askServers(runDir, text)) {
    await ask(runDir, 'PUT', pathOfServer(named, 'override'), word)
    console.log(`${nameOf(named)}: ${words}`)
  }
}

const nameOf = ({ service, server }: Named): string => `${service.name}/${server.name}`

function parseWeight(text: string): number | null {
  if (text === 'configured') return null
  const weight = Number(text)
  if (/^\d{1,5}$/.test(text) && weight <= 65_535) return weight
  throw new InvalidArgumentError('Expected a whole number from 0 to 65535, or "configured".')
}
