import type { Command } from 'commander'
import type { FlightEntry } from '../../api/flight-operations.ts'
import type { TimelineLine } from '../../flight/timeline.ts'
import { ask, askFile } from '../control-client.ts'
import { examples } from '../examples.ts'
import { runFolder, runOption } from '../folders.ts'
import { saveForOwner } from '../save-file.ts'
import { table } from '../table.ts'

const path = '/api/v1/flights'

type Options = { readonly run?: string; readonly json?: true }

const more = `
The last minutes before each failover and some seconds after it: adverts, heartbeats, ARP, and what
the state machine was told. No passwords and keys are in it.`

export function addFlights(diarch: Command): void {
  const flights = diarch
    .command('flights')
    .description('what was seen and said around each failover')
    .addHelpText('after', more)
    .addHelpText('after', examples('flights', 'flights show 7', 'flights save 7 /tmp/7.pcapng'))
  flights
    .command('list', { isDefault: true })
    .description('those that the box has kept, the newest first')
    .option(...runOption)
    .option('--json', 'as a list of objects')
    .action(list)
  flights
    .command('show')
    .description('one of them as a timeline; what repeats is one line, until a router changes')
    .argument('<number>', 'as in "diarch flights" and "diarch events"')
    .option(...runOption)
    .option('--json', 'as an object')
    .action(show)
  flights
    .command('save')
    .description('one of them as a file that Wireshark and tcpdump open')
    .argument('<number>', 'as in "diarch flights" and "diarch events"')
    .argument('<file>', 'where it goes')
    .option(...runOption)
    .action(save)
}

async function list({ run, json }: Options): Promise<void> {
  const answer = await ask(runFolder(run, process.env), 'GET', path)
  const { flights } = answer as { readonly flights: readonly FlightEntry[] }
  const row = ({ number, at, about, why, bytes }: FlightEntry): string[] => {
    return [
      String(number),
      timeText(Date.parse(at)),
      about.join(' '),
      `${Math.ceil(bytes / 1024)}`,
      why,
    ]
  }
  if (json) console.log(JSON.stringify(flights, null, 2))
  else if (flights.length === 0) console.log('there was no failover yet')
  else console.log(table(['NUMBER', 'AT (UTC)', 'ABOUT', 'KIB', 'WHAT'], flights.map(row)))
}

type Shown = FlightEntry & { readonly lines: readonly TimelineLine[] }

async function show(number: string, { run, json }: Options): Promise<void> {
  const asked = `${path}/${encodeURIComponent(number)}`
  const shown = (await ask(runFolder(run, process.env), 'GET', asked)) as Shown
  if (json) {
    console.log(JSON.stringify(shown, null, 2))
    return
  }
  const zero = Date.parse(shown.at)
  console.log(`flight ${shown.number}, ${timeText(zero)} UTC: ${shown.why}\n`)
  console.log(
    table(
      ['SECONDS', 'ON', 'WAY', 'WHAT'],
      shown.lines.map(line => row(line, zero)),
    ),
  )
}

function row({ at, until, times, on, direction, text, isChange }: TimelineLine, zero: number) {
  const often = times === 1 ? '' : ` (${times} times, until ${relative(until, zero)})`
  return [relative(at, zero), on, direction ?? '', `${isChange ? '* ' : ''}${text}${often}`]
}

const relative = (at: number, zero: number): string => {
  const seconds = ((at - zero) / 1000).toFixed(3)
  return seconds.startsWith('-') ? seconds : `+${seconds}`
}

const timeText = (at: number): string =>
  new Date(at).toISOString().replace('T', ' ').replace('Z', '')

async function save(number: string, file: string, { run }: Options): Promise<void> {
  const asked = `${path}/${encodeURIComponent(number)}/pcapng`
  const bytes = await askFile(runFolder(run, process.env), asked)
  saveForOwner(file, bytes)
  console.log(`${file}: ${Math.ceil(bytes.length / 1024)} KiB`)
}
