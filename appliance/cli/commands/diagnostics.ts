import { type Command, InvalidArgumentError, Option } from 'commander'
import { captureKinds } from '../../api/system-words.ts'
import { ask } from '../control-client.ts'
import { examples } from '../examples.ts'
import { exitCode } from '../exit-code.ts'
import { runFolder, runOption } from '../folders.ts'
import { withProgress } from '../progress.ts'

type Run = { readonly run?: string }

export function addPing(diarch: Command): void {
  diarch
    .command('ping')
    .description('ask an address for echoes, from this box')
    .argument('<address>', 'such as 192.0.2.1')
    .option('--count <number>', 'how many, 1 to 10', numberTo(10), 4)
    .option(...runOption)
    .addHelpText('after', examples('ping 192.0.2.1', 'ping 2001:db8::1 --count 1'))
    .action(ping)
}

async function ping(address: string, { run, count }: Run & { readonly count: number }) {
  const body = { address, count }
  const asking = ask(runFolder(run, process.env), 'POST', '/api/v1/diagnostics/ping', body)
  const { answers } = (await withProgress('asking', asking)) as {
    readonly answers: readonly { readonly passed: boolean; readonly why: string }[]
  }
  for (const { why } of answers) console.log(why)
  if (answers.every(({ passed }) => !passed)) process.exitCode = exitCode.notOk
}

export function addCapture(diarch: Command): void {
  diarch
    .command('capture')
    .description('show what is on the wire of a port, a line for each frame')
    .argument('<port>', 'of "diarch status"')
    .addOption(new Option('--kind <kind>', 'of these only').choices([...captureKinds]))
    .option('--frames <number>', 'ends after so many, 1 to 200', numberTo(200), 20)
    .option('--seconds <number>', 'or after this time, 1 to 30', numberTo(30), 10)
    .option(...runOption)
    .addHelpText('after', examples('capture lan1', 'capture lan1 --kind vrrp --frames 5'))
    .action(capture)
}

type CaptureOptions = Run & {
  readonly kind?: string
  readonly frames: number
  readonly seconds: number
}

async function capture(port: string, { run, ...body }: CaptureOptions): Promise<void> {
  const path = '/api/v1/diagnostics/capture'
  const asking = ask(runFolder(run, process.env), 'POST', path, { port, ...body })
  const { lines } = (await withProgress('listening', asking)) as {
    readonly lines: readonly string[]
  }
  console.log(lines.length === 0 ? `nothing of that was on ${port} in the time` : lines.join('\n'))
}

export function addBlink(diarch: Command): void {
  diarch
    .command('blink')
    .description('make the lamp of a port blink, so that somebody finds it')
    .argument('<port>', 'of "diarch status"')
    .option('--seconds <number>', 'how long, 1 to 60', numberTo(60), 10)
    .option(...runOption)
    .addHelpText('after', examples('blink lan2', 'blink lan2 --seconds 60'))
    .action(blink)
}

async function blink(port: string, { run, seconds }: Run & { readonly seconds: number }) {
  const path = `/api/v1/ports/${encodeURIComponent(port)}/blink`
  await ask(runFolder(run, process.env), 'POST', path, { seconds })
  console.log(`${port} blinks for ${seconds} s`)
}

const numberTo =
  (most: number) =>
  (text: string): number => {
    const value = Number(text)
    if (/^\d{1,3}$/.test(text) && value >= 1 && value <= most) return value
    throw new InvalidArgumentError(`Expected a number from 1 to ${most}.`)
  }
