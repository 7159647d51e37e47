import type { Command } from 'commander'
import type { PortName } from '../../api/port-operations.ts'
import { ask } from '../control-client.ts'
import { examples } from '../examples.ts'
import { runFolder, runFolderBelow, runOption } from '../folders.ts'
import { table } from '../table.ts'

type Run = { readonly run?: string }
type Answer = { readonly ports: readonly PortName[] }

export function addPorts(diarch: Command): void {
  const ports = diarch
    .command('ports')
    .description('which network card has which name, and other names for them')
    .option(...runOption)
    .option('--json', 'as a list of objects')
    .addHelpText('after', examples('ports', 'ports assign port1 port2', 'ports forget port2'))
    .action(show)
  ports
    .command('assign')
    .description('give the card of a port another name, from the next restart on')
    .argument('<port>', 'its name now')
    .argument('<name>', 'its name then; another card that has this one takes the old name')
    .option('--force', 'also where the configuration names a port that there is no more then')
    .option(...runOption)
    .addHelpText('after', examples('ports assign port1 port2', 'ports assign port3 lan2'))
    .action(assign)
  ports
    .command('forget')
    .description('forget a port whose card is gone, from the next restart on')
    .argument('<port>', 'its name')
    .option(...runOption)
    .addHelpText('after', examples('ports forget port2'))
    .action(forget)
  ports
    .command('keep')
    .description('take back what was assigned or forgotten and is not in force yet')
    .option(...runOption)
    .addHelpText('after', examples('ports keep'))
    .action(keep)
}

async function show({ run, json }: Run & { readonly json?: true }): Promise<void> {
  const { ports } = (await ask(runFolder(run, process.env), 'GET', '/api/v1/ports')) as Answer
  if (json) console.log(JSON.stringify(ports, null, 2))
  else if (ports.length === 0) console.log('this machine has no network cards')
  else console.log(shown(ports))
}

async function assign(
  port: string,
  name: string,
  { force = false, ...options }: Run & { readonly force?: boolean },
  command: Command,
): Promise<void> {
  const path = `${pathOf(port)}/name`
  tell(await ask(runFolderBelow(options, command), 'PUT', path, { name, force }))
}

async function forget(port: string, options: Run, command: Command): Promise<void> {
  tell(await ask(runFolderBelow(options, command), 'DELETE', pathOf(port)))
}

async function keep(options: Run, command: Command): Promise<void> {
  tell(await ask(runFolderBelow(options, command), 'DELETE', '/api/v1/ports'))
}

const pathOf = (port: string): string => `/api/v1/ports/${encodeURIComponent(port)}`

function tell(answer: unknown): void {
  const { ports } = answer as Answer
  if (ports.every(isSteady)) console.log('all ports keep the names that they have')
  else {
    const how = 'Until then all is as it was; "diarch ports keep" takes it back.'
    console.log(`${shown(ports)}\n${how}`)
  }
}

const isSteady = ({ name, next }: PortName): boolean => name === next

function shown(ports: readonly PortName[]): string {
  const heading = ['PORT', 'HARDWARE ADDRESS', 'DRIVER', 'LINK', 'PLACE']
  const isSame = ports.every(isSteady)
  const rows = ports.map(port => {
    const { name, mac, driver, link, speedMbps, place, next } = port
    const speed = speedMbps === null ? link : `${link}, ${speedMbps} Mbit/s`
    const then = isSteady(port) ? '' : (next ?? '(forgotten)')
    return [name, ...(isSame ? [] : [then]), mac, driver, speed, place]
  })
  if (isSame) return table(heading, rows)
  const [first = '', ...others] = heading
  return table([first, 'FROM THE NEXT RESTART', ...others], rows)
}
