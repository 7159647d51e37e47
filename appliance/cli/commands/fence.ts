import type { Command } from 'commander'
import type { FenceDevice } from '../../fencing/fence-messages.ts'
import type { Status } from '../../status/document.ts'
import { ask } from '../control-client.ts'
import { examples } from '../examples.ts'
import { exitCode, Failure } from '../exit-code.ts'
import { runFolder, runFolderBelow, runOption } from '../folders.ts'
import { table } from '../table.ts'

type Run = { readonly run?: string }
type Sure = Run & { readonly yes?: boolean; readonly action: 'off' | 'reset' }

export function addFence(diarch: Command): void {
  const fence = diarch
    .command('fence')
    .description('what can switch the other box off, and whether it would')
    .option(...runOption)
    .option('--json', 'as an object')
    .addHelpText('after', examples('fence', 'fence test bmc-two', 'fence confirm --yes'))
    .action(show)
  fence
    .command('test')
    .description('ask a device for the state of the power; nothing is switched')
    .argument('<device>', 'its name in cluster.fencing.devices')
    .option(...runOption)
    .addHelpText('after', examples('fence test bmc-two'))
    .action(test)
  fence
    .command('now')
    .description('switch the other box off, whatever it does')
    .argument('<device>', 'its name in cluster.fencing.devices')
    .option('--action <action>', 'off, or reset: on again as soon as it is off', 'off')
    .option('--yes', 'you mean it')
    .option(...runOption)
    .addHelpText('after', examples('fence now bmc-two --yes'))
    .action(now)
  fence
    .command('confirm')
    .description('say that the silent box is off, so that this one takes its place')
    .option('--yes', 'you have seen it: if it is on, both will have the addresses')
    .option(...runOption)
    .addHelpText('after', examples('fence confirm --yes'))
    .action(confirm)
}

async function show(options: Run & { readonly json?: boolean }): Promise<void> {
  const folder = runFolder(options.run, process.env)
  const { fencing } = (await ask(folder, 'GET', '/api/v1/status')) as Status
  if (options.json === true) {
    console.log(JSON.stringify(fencing, null, 2))
  } else if (fencing === null || fencing.devices.length === 0) {
    console.log('nothing can switch the other box off: cluster.fencing.devices has none for it')
  } else {
    const { policy, action, held, devices } = fencing
    console.log(`policy ${policy}, action ${action}${held === null ? '' : `; held back: ${held}`}`)
    console.log(
      table(['device', 'kind', 'box', 'state', 'power', 'tested', 'why'], devices.map(row)),
    )
  }
  const failing = fencing?.devices.some(({ state }) => state === 'failing') ?? false
  if (failing) process.exitCode = exitCode.failed
}

const row = ({ name, kind, box, state, power, testedAt, why }: FenceDevice): string[] => [
  name,
  kind,
  box,
  state,
  power ?? '-',
  testedAt ?? 'never',
  why,
]

async function test(device: string, options: Run, command: Command): Promise<void> {
  const folder = runFolderBelow(options, command)
  const path = `/api/v1/fencing/${encodeURIComponent(device)}/test`
  const { text } = (await ask(folder, 'POST', path)) as { readonly text: string }
  console.log(`${device}: ${text}; nothing was switched`)
}

async function now(device: string, options: Sure, command: Command): Promise<void> {
  insist(options)
  const folder = runFolderBelow(options, command)
  const path = `/api/v1/fencing/${encodeURIComponent(device)}/use`
  const { action } = options
  const { text } = (await ask(folder, 'POST', path, { action })) as { readonly text: string }
  console.log(`${device}: ${text}`)
}

async function confirm(options: Sure, command: Command): Promise<void> {
  insist(options)
  await ask(runFolderBelow(options, command), 'POST', '/api/v1/fencing/confirm')
  console.log('this box takes the place of the other one')
}

function insist({ yes }: Sure): void {
  if (yes === true) return
  throw new Failure('this cannot be taken back: say it again with --yes', exitCode.usage)
}
