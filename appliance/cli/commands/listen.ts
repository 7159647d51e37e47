import type { Command } from 'commander'
import type { HeardRouter } from '../../status/heard-router.ts'
import { ask } from '../control-client.ts'
import { examples } from '../examples.ts'
import { runFolder, runOption } from '../folders.ts'
import { table } from '../table.ts'

export function addListen(diarch: Command): void {
  diarch
    .command('listen')
    .description('listen for 3 seconds: whose VRRP adverts are on the networks of this box')
    .option(...runOption)
    .option('--json', 'as a list of objects')
    .addHelpText('after', examples('listen', 'listen --json'))
    .action(listen)
}

type Options = { readonly run?: string; readonly json?: true }

async function listen({ run, json }: Options): Promise<void> {
  const { routers } = (await ask(runFolder(run, process.env), 'GET', '/api/v1/routers/heard')) as {
    readonly routers: readonly HeardRouter[]
  }
  if (json) console.log(JSON.stringify(routers, null, 2))
  else if (routers.length === 0) console.log('nobody else was heard')
  else console.log(table(['INTERFACE', 'VRID', 'SOURCE', 'PRIORITY'], routers.map(row)))
}

const row = ({ interface: name, vrid, source, priority }: HeardRouter): string[] => [
  name,
  `${vrid}`,
  source,
  `${priority}`,
]
