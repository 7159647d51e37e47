import type { Command } from 'commander'
import type { Connection, ConnectionEnd } from '../../ipvs/connection.ts'
import { endpointText } from '../../values/endpoint-text.ts'
import { ask } from '../control-client.ts'
import { examples } from '../examples.ts'
import { runFolder, runOption } from '../folders.ts'
import { table } from '../table.ts'

export function addConnections(diarch: Command): void {
  diarch
    .command('connections')
    .description('who is connected to which server of a service now')
    .argument('<service>', 'one service')
    .option(...runOption)
    .option('--json', 'as a list of objects')
    .addHelpText('after', examples('connections shop', 'connections shop --json'))
    .action(connections)
}

type Options = { readonly run?: string; readonly json?: true }
type Answer = { readonly connections: readonly Connection[]; readonly more: boolean }

async function connections(service: string, { run, json }: Options): Promise<void> {
  const path = `/api/v1/services/${encodeURIComponent(service)}/connections`
  const { connections: all, more } = (await ask(runFolder(run, process.env), 'GET', path)) as Answer
  if (json) {
    console.log(JSON.stringify(all, null, 2))
    return
  }
  if (all.length === 0) console.log(`${service} has no connections now`)
  else console.log(table(['PROTOCOL', 'CLIENT', 'AT', 'SERVER', 'STATE', 'EXPIRES'], all.map(row)))
  if (more) console.log(`there are more than these ${all.length}`)
}

function row({ protocol, client, virtual, server, state, expiresInSeconds }: Connection): string[] {
  return [protocol, ...[client, virtual, server].map(endText), state, `${expiresInSeconds} s`]
}

const endText = ({ address, port }: ConnectionEnd): string => endpointText(address, port)
