import type { Command } from 'commander'
import type { ServiceTraffic } from '../../status/service-answers.ts'
import { ask } from '../control-client.ts'
import { examples } from '../examples.ts'
import { runFolder, runOption } from '../folders.ts'
import { askService, askServices } from '../server-names.ts'
import { showServices } from '../show-services.ts'
import { showTraffic } from '../show-traffic.ts'

export function addServices(diarch: Command): void {
  diarch
    .command('services')
    .description('the virtual servers, their real servers, and why each has its weight')
    .argument('[service]', 'one service; without it all of them')
    .option(...runOption)
    .option('--stats', 'connections, packets and bytes since they are in the table')
    .option('--rate', 'the same for each second')
    .option('--watch', 'again every 2 s, until Ctrl-C')
    .option('--json', 'as a list of objects')
    .addHelpText('after', examples('services', 'services shop --rate --watch', 'services --json'))
    .action(services)
}

type Options = {
  readonly run?: string
  readonly stats?: true
  readonly rate?: true
  readonly watch?: true
  readonly json?: true
}

const again = 2000

async function services(name: string | undefined, options: Options): Promise<void> {
  for (;;) {
    const text = await shown(name, options)
    // Home, and what is left of the screen before: no flicker.
    console.log(options.watch && process.stdout.isTTY ? `\x1b[H\x1b[2J${text}` : text)
    if (!options.watch) return
    await new Promise(resolve => setTimeout(resolve, again))
  }
}

async function shown(name: string | undefined, options: Options): Promise<string> {
  const runDir = runFolder(options.run, process.env)
  if (options.stats || options.rate) {
    const path =
      name === undefined
        ? '/api/v1/traffic'
        : `/api/v1/services/${encodeURIComponent(name)}/traffic`
    const answer = (await ask(runDir, 'GET', path)) as { services: readonly ServiceTraffic[] }
    if (options.json) return JSON.stringify(answer.services, null, 2)
    return showTraffic(answer.services, options.rate ? 'rate' : 'stats')
  }
  const wanted = name === undefined ? await askServices(runDir) : [await askService(runDir, name)]
  return options.json ? JSON.stringify(wanted, null, 2) : showServices(wanted, Date.now())
}
