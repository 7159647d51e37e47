import type { Command } from 'commander'
import type { ChannelStatus } from '../../alerting/alert-messages.ts'
import type { Status } from '../../status/document.ts'
import { ask } from '../control-client.ts'
import { examples } from '../examples.ts'
import { exitCode } from '../exit-code.ts'
import { runFolder, runFolderBelow, runOption } from '../folders.ts'
import { table } from '../table.ts'

type Run = { readonly run?: string }

export function addAlerts(diarch: Command): void {
  const alerts = diarch
    .command('alerts')
    .description('the channels by which people are told, and whether they work')
    .option(...runOption)
    .option('--json', 'as a list of objects')
    .addHelpText('after', examples('alerts', 'alerts test office'))
    .action(show)
  alerts
    .command('test')
    .description('send a test over a channel of cluster.alerts')
    .argument('<channel>', 'its name in the configuration')
    .option(...runOption)
    .addHelpText('after', examples('alerts test office'))
    .action(test)
  alerts
    .command('log')
    .description('the last lines that a channel of the kind "file" has written')
    .argument('<channel>', 'its name in the configuration')
    .option(...runOption)
    .addHelpText('after', examples('alerts log book'))
    .action(log)
}

async function show(options: Run & { readonly json?: boolean }): Promise<void> {
  const { alerts } = (await ask(
    runFolder(options.run, process.env),
    'GET',
    '/api/v1/status',
  )) as Status
  if (options.json === true) {
    console.log(JSON.stringify(alerts, null, 2))
  } else if (alerts.length === 0) {
    console.log('nobody is told: cluster.alerts.channels is empty')
  } else {
    console.log(table(['channel', 'kind', 'state', 'waiting', 'why'], alerts.map(row)))
  }
  if (alerts.some(({ state }) => state === 'failing')) process.exitCode = exitCode.failed
}

const row = ({ name, kind, state, waiting, lost, why }: ChannelStatus): string[] => [
  name,
  kind,
  state,
  lost === 0 ? String(waiting) : `${waiting} (${lost} lost)`,
  why,
]

async function log(channel: string, options: Run, command: Command): Promise<void> {
  const folder = runFolderBelow(options, command)
  const path = `/api/v1/alerts/${encodeURIComponent(channel)}/log`
  const { lines } = (await ask(folder, 'GET', path)) as { readonly lines: readonly string[] }
  for (const line of lines) console.log(line)
}

async function test(channel: string, options: Run, command: Command): Promise<void> {
  const folder = runFolderBelow(options, command)
  await ask(folder, 'POST', `/api/v1/alerts/${encodeURIComponent(channel)}/test`)
  console.log(`${channel}: the test was taken`)
}
