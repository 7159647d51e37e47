/** Runs one box from the disk image under QEMU, for people: `./build.sh demo` calls it. */

import { existsSync } from 'node:fs'
import { createServer } from 'node:net'
import { join, relative, resolve } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { type Duration, minutes, seconds } from '../appliance/values/duration.ts'
import { findAccelerator } from './run/accelerator.ts'
import { Box, type BoxRecord } from './run/box.ts'
import { attachConsole } from './run/console.ts'
import type { Firmware } from './run/machine.ts'
import { newestImage } from './run/newest-image.ts'
import { SerialRecord } from './run/progress.ts'
import { Qmp } from './run/qmp.ts'
import { gone, needProgram, startQemu } from './run/start.ts'
import { askWeb } from './run/web.ts'

const help = `Usage: ./build.sh demo [OPTIONS]

Starts one box from a copy of the disk image and shows it booting. The copy is kept in dist/demo, so
that the box is the same one next time; a newer image makes a new copy.

  --image FILE       the raw disk image (default: the newest dist/diarch-*.img)
  --firmware KIND    bios (default) or uefi
  --memory MIB       memory of the box (default 256)
  --port PORT        port of this machine that leads to the box's page (default 8443)
  --fresh            forget what the box has stored
  --detach           leave the box running and return when it has booted

For a box that runs:
  --console          connect this terminal to its serial line (Ctrl-] leaves)
  --screenshot FILE  what its screen shows, as PNG
  --pull-plug        switch it off at once, as a power cut does
  --stop             press its power button and wait until it is off
  --help             this text

DIARCH_ACCEL=kvm or tcg: do not find out whether this machine can run boxes at full speed.
`

const project = resolve(import.meta.dirname, '..')

const options = () =>
  parseArgs({
    options: {
      image: { type: 'string' },
      firmware: { type: 'string', default: 'bios' },
      memory: { type: 'string', default: '256' },
      port: { type: 'string', default: '8443' },
      fresh: { type: 'boolean', default: false },
      detach: { type: 'boolean', default: false },
      console: { type: 'boolean', default: false },
      screenshot: { type: 'string' },
      'pull-plug': { type: 'boolean', default: false },
      stop: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  }).values

const main = async (): Promise<void> => {
  const wish = options()
  if (wish.help) return void process.stdout.write(help)
  const box = new Box(join(project, 'dist/demo'))
  const running = box.running()
  if (wish.stop || wish['pull-plug']) return await stop(box, running, wish['pull-plug'])
  if (wish.console) {
    needBox(running)
    return await attachConsole(box.serialSocket)
  }
  if (wish.screenshot !== undefined) {
    needBox(running)
    return await screenshot(box, resolve(wish.screenshot))
  }
  const image = wish.image === undefined ? newestImage() : existing(resolve(wish.image))
  if (running) return await showAgain(box, running, image)
  await start(box, image, {
    firmware: oneOf('--firmware', wish.firmware, ['bios', 'uefi']),
    memoryMiB: number('--memory', wish.memory, 64, 65_536),
    port: number('--port', wish.port, 1, 65_535),
    fresh: wish.fresh,
    detach: wish.detach,
  })
}

type Start = {
  readonly firmware: Firmware
  readonly memoryMiB: number
  readonly port: number
  readonly fresh: boolean
  readonly detach: boolean
}

const start = async (box: Box, image: string, wish: Start): Promise<void> => {
  await needFreePort(wish.port)
  needProgram('qemu-system-x86_64', 'qemu-system-x86')
  const accelerator = await findAccelerator(image)
  const copied = box.prepareDisk(image, wish.fresh)
  say(`${relative('.', image)}${copied ? '' : ', with what the box stored last time'}`)
  const speed = accelerator === 'kvm' ? 'KVM' : 'TCG, which is slow: a minute is usual'
  say(`QEMU with ${wish.firmware.toUpperCase()}, ${wish.memoryMiB} MB of memory, ${speed}`)
  const began = performance.now()
  const machine = box.machine(accelerator, wish)
  const { process: qemu, qmp } = await startQemu(machine, { survives: wish.detach })
  const record = { pid: qemu.pid ?? 0, port: wish.port, firmware: wish.firmware, image }
  box.started(record)
  // QEMU talks to one at a time: whoever wants to stop the box must find the line free.
  qmp.close()

  const off = gone(qemu).then(() => {
    throw new Error('the box switched itself off')
  })
  off.catch(() => {})
  await Promise.race([watchBoot(box, wish.port, began, minutes(5)), off])
  await describe(box, record)
  if (wish.detach) {
    qemu.unref()
    process.exit(0)
  }
  say('Ctrl-C switches the box off; --detach would have left it running.')
  let leaving: Promise<void> | null = null
  process.on('SIGINT', () => {
    leaving ??= stop(box, record, false)
  })
  await off.catch(error => {
    if (!leaving) throw error
  })
  await leaving
}

const watchBoot = async (box: Box, port: number, began: number, within: Duration) => {
  const record = new SerialRecord(box.serialLog)
  const tell = (text: string) => {
    const time = ((performance.now() - began) / 1000).toFixed(0).padStart(4)
    process.stdout.write(`${time} s  ${text}\n`)
  }
  tell('power on')
  let healthy = false
  const web = (async () => {
    while (!healthy && performance.now() - began < within) {
      const answer = await askWeb(port, '/health', seconds(10)).catch(() => null)
      healthy = answer?.status === 200
      if (!healthy) await wait(300)
    }
  })()
  while (!healthy) {
    for (const phase of record.read()) tell(phase)
    if (performance.now() - began > within) {
      const seen = `Its screen:\n${record.screen()}`
      throw new Error(`the page did not answer within ${within / 60_000} minutes. ${seen}`)
    }
    await Promise.race([wait(200), web])
  }
  for (const phase of record.read()) tell(phase)
  tell('the page answers')
}

const describe = async (box: Box, { port }: BoxRecord): Promise<void> => {
  const { fingerprint } = await askWeb(port, '/health')
  const record = new SerialRecord(box.serialLog)
  // The screen follows the page by a moment.
  for (const end = performance.now() + 10_000; performance.now() < end; await wait(200)) {
    record.read()
    if (/https:\/\//.test(record.screen())) break
  }
  const run = './build.sh demo'
  process.stdout.write(`
${frame(record.screen())}

Page         https://127.0.0.1:${port}/   (the box made its certificate itself: compare)
Fingerprint  ${fingerprint}

  ${run} --console              its serial console
  ${run} --screenshot dist/box.png   its screen as a picture
  ${run} --pull-plug            a power cut; start it again and see
  ${run} --stop                 its power button

`)
}

const showAgain = async (box: Box, running: BoxRecord, image: string): Promise<void> => {
  say(
    `a box runs already, with ${running.firmware.toUpperCase()}; to start another, --stop it first`,
  )
  if (running.image !== image) say(`it was started from ${running.image}`)
  await describe(box, running)
}

/** QEMU closes its socket when it ends. */
const endsWithin = async (qmp: Qmp, milliseconds: number): Promise<boolean> => {
  const patience = new AbortController()
  const ended = qmp.closed.then(() => true)
  const tooLong = wait(milliseconds, false, { signal: patience.signal }).catch(() => false)
  const first = await Promise.race([ended, tooLong])
  patience.abort()
  return first
}

const stop = async (box: Box, running: BoxRecord | null, pullPlug: boolean): Promise<void> => {
  let atOnce = pullPlug
  if (!running) return say('no box runs')
  const qmp = await Qmp.connect(box.qmpSocket)
  if (!atOnce) {
    say('pressed the power button')
    await qmp.execute('system_powerdown')
    if (!(await endsWithin(qmp, 60_000))) {
      say('the box did not shut down in 60 s: the plug is pulled')
      atOnce = true
    }
  }
  if (atOnce) {
    // What QEMU answers, it may no longer send.
    await qmp.execute('quit').catch(() => {})
    await qmp.closed
  }
  qmp.close()
  say('the box is off')
}

const screenshot = async (box: Box, file: string): Promise<void> => {
  const qmp = await Qmp.connect(box.qmpSocket)
  await qmp.execute('screendump', { filename: file, format: 'png' })
  qmp.close()
  say(`wrote ${file}`)
}

const existing = (image: string): string => {
  if (existsSync(image)) return image
  throw new Error(`there is no file ${image}: make a disk image with ./build.sh`)
}

function needBox(running: BoxRecord | null): asserts running is BoxRecord {
  if (!running) throw new Error('no box runs: start one with ./build.sh demo')
}

const needFreePort = async (port: number): Promise<void> => {
  if (await isFree(port)) return
  let other = port + 1
  while (!(await isFree(other))) other++
  throw new Error(`port ${port} of this machine is in use: take another with --port ${other}`)
}

const isFree = (port: number): Promise<boolean> =>
  new Promise(settle => {
    const server = createServer().once('error', () => settle(false))
    server.listen(port, '127.0.0.1', () => server.close(() => settle(true)))
  })

const oneOf = <T extends string>(option: string, value: string, words: readonly T[]): T => {
  const found = words.find(word => word === value)
  if (found) return found
  throw new Error(`${option} is "${value}"; it can be ${words.join(' or ')}`)
}

const number = (option: string, value: string, least: number, most: number): number => {
  const parsed = Number(value)
  if (Number.isInteger(parsed) && parsed >= least && parsed <= most) return parsed
  throw new Error(`${option} is "${value}"; it is a whole number from ${least} to ${most}`)
}

const frame = (screen: string): string => {
  const lines = screen.replace(/\s+$/, '').split('\n')
  const edge = `+${'-'.repeat(82)}+`
  return [edge, ...lines.map(line => `| ${line.padEnd(80)} |`), edge].join('\n')
}

const say = (text: string): void => void process.stdout.write(`${text}\n`)

// A reader that has seen enough (`| head`) is no reason for a stack trace.
process.stdout.on('error', () => process.exit(1))

main().catch((error: unknown) => {
  process.stderr.write(`run: ${error instanceof Error ? error.message : error}\n`)
  process.exit(1)
})
