/** Runs one box from the disk image under QEMU, for people: `./build.sh demo` calls it. */

import { existsSync, readFileSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { type Duration, minutes, seconds } from '../appliance/values/duration.ts'
import { findAccelerator, wishedAccelerator } from './run/accelerator.ts'
import { Box, type BoxRecord } from './run/box.ts'
import { closingText } from './run/closing-text.ts'
import { attachConsole } from './run/console.ts'
import { needDiarchImage } from './run/gpt.ts'
import { newestImage } from './run/newest-image.ts'
import { OptionError, readWish, type StartWish } from './run/options.ts'
import { needFreePort } from './run/port.ts'
import { SerialRecord } from './run/progress.ts'
import { Qmp } from './run/qmp.ts'
import { writeScreenshot } from './run/screenshot.ts'
import { gone, needProgram, startQemu } from './run/start.ts'
import { askWeb } from './run/web.ts'

const project = resolve(import.meta.dirname, '..')

/**
 * build.sh calls this twice. First with --before-set-up: everything that can be done or refused
 * without a fresh image is, and the exit status says whether a box is to be started.
 */
const beforeSetUp = '--before-set-up'
const boxWanted = 10

const main = async (args: readonly string[]): Promise<void> => {
  const first = args[0] === beforeSetUp
  const wish = readWish(first ? args.slice(1) : args)
  const box = new Box(join(project, 'dist/demo'))
  const running = box.running()
  switch (wish.kind) {
    case 'help':
      return void process.stdout.write(
        readFileSync(join(import.meta.dirname, 'run/help.txt'), 'utf8'),
      )
    case 'stop':
    case 'pull-plug':
      return await stop(box, running, wish.kind === 'pull-plug')
    case 'console':
      needBox(running)
      return await attachConsole(box.serialSocket)
    case 'screenshot':
      needBox(running)
      await writeScreenshot(box, wish.file)
      return say(`wrote ${wish.file}`)
    case 'start':
      if (running) return await showAgain(box, running, wish.start)
      await refuseWhatCannotStart(box, wish.start)
      if (first) process.exitCode = boxWanted
      else await start(box, wish.start)
  }
}

const refuseWhatCannotStart = async (box: Box, wish: StartWish): Promise<void> => {
  wishedAccelerator()
  if (wish.image !== null) needDiarchImage(wish.image)
  if (wish.keep && box.storedFrom() === null) {
    throw new Error(`no box is stored in ${shown(box.folder)}: start one without --keep`)
  }
  await needFreePort(wish.port)
}

const start = async (box: Box, wish: StartWish): Promise<void> => {
  needProgram('qemu-system-x86_64', 'qemu-system-x86')
  const image = wish.keep ? box.disk : (wish.image ?? newestImage())
  const accelerator = await findAccelerator(image)
  const from = prepareDisk(box, image, wish)
  const speed = accelerator === 'kvm' ? 'KVM' : 'TCG, which is slow: a minute is usual'
  say(`QEMU with ${wish.firmware.toUpperCase()}, ${wish.memoryMiB} MB of memory, ${speed}`)
  const began = performance.now()
  const machine = box.machine(accelerator, wish)
  const { process: qemu, qmp } = await startQemu(machine, { survives: true })
  const { port, firmware } = wish
  box.started({ pid: qemu.pid ?? 0, port, firmware, image: from })
  // QEMU talks to one at a time: whoever wants to stop the box must find the line free.
  qmp.close()

  const off = gone(qemu).then(() => {
    throw new Error('the box switched itself off')
  })
  off.catch(() => {})
  await Promise.race([watchBoot(box, port, began, minutes(5)), off])
  await describe(box, port)
  // The box runs on without this process.
  process.exit(0)
}

/** Returns the image that the box was made from. */
const prepareDisk = (box: Box, image: string, wish: StartWish): string => {
  const before = box.storedFrom()
  const lost = existsSync(box.diskAside) && image !== box.diskAside
  const disk = wish.keep ? 'stored' : box.prepareDisk(image, wish.fresh)
  const from = wish.keep ? (before ?? '') : image
  if (disk === 'stored') say(`The stored box with what it has stored; made from ${shown(from)}`)
  else if (image === box.diskAside) say('The box whose disk was put aside, with what it has stored')
  else say(`A new box, made from ${shown(image)}`)
  if (disk === 'put-aside') {
    const other = before === image ? 'was another image then' : 'is another image'
    const aside = shown(box.diskAside)
    say(`  The stored box was made from ${shown(before ?? '')}, which ${other}.`)
    say(`  Its disk, with what it has stored, is now ${aside}. Back to it:`)
    say(`  ./build.sh demo --stop; ./build.sh demo --image ${aside}`)
    if (lost) say('  What was put aside there before is gone.')
    say('  Next time --keep starts the stored box, whatever image there is.')
  }
  return from
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

const describe = async (box: Box, port: number): Promise<void> => {
  const { fingerprint } = await askWeb(port, '/health')
  const record = new SerialRecord(box.serialLog)
  // The screen follows the page by a moment.
  for (const end = performance.now() + 10_000; performance.now() < end; await wait(200)) {
    record.read()
    if (/https:\/\//.test(record.screen())) break
  }
  process.stdout.write(closingText(record.screen(), port, fingerprint))
}

const showAgain = async (box: Box, running: BoxRecord, wish: StartWish): Promise<void> => {
  const kind = `${running.firmware.toUpperCase()}, port ${running.port}`
  const already = `a box from ${shown(running.image)} runs already (${kind})`
  const another = 'To start another, stop it first: ./build.sh demo --stop'
  if (wish.given.length > 0) {
    throw new Error(`${already}, so nothing comes of ${wish.given.join(', ')}. ${another}`)
  }
  say(`${already}: nothing was built`)
  say(another)
  await describe(box, running.port).catch(() => {
    throw new Error(
      'the page of the box that runs does not answer; it may still be booting. ' +
        'Look at it with ./build.sh demo --console',
    )
  })
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

function needBox(running: BoxRecord | null): asserts running is BoxRecord {
  if (!running) throw new Error('no box runs: start one with ./build.sh demo')
}

/** As short as it can be typed from where the user is. */
const shown = (path: string): string => {
  const short = relative('.', path)
  return short.startsWith('../..') ? path : short
}

const say = (text: string): void => void process.stdout.write(`${text}\n`)

// A reader that has seen enough (`| head`) is no reason for a stack trace.
process.stdout.on('error', () => process.exit(1))

main(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(`demo: ${error instanceof Error ? error.message : error}\n`)
  if (error instanceof OptionError) process.stderr.write('All options: ./build.sh demo --help\n')
  process.exit(1)
})
