/** One box for one person: `./build.sh demo --single`. It runs on when this process ends. */

import { existsSync } from 'node:fs'
import { setTimeout as wait } from 'node:timers/promises'
import { type Duration, minutes, seconds } from '../../appliance/values/duration.ts'
import { findAccelerator, wishedAccelerator } from './accelerator.ts'
import type { Box, BoxRecord } from './box.ts'
import { closingText } from './closing-text.ts'
import { attachConsole } from './console.ts'
import { needDiarchImage } from './gpt.ts'
import { newestImage } from './newest-image.ts'
import type { SingleWish, StartWish } from './options.ts'
import { needFreePort } from './port.ts'
import { SerialRecord } from './progress.ts'
import { Qmp } from './qmp.ts'
import { say, shown } from './say.ts'
import { writeScreenshot } from './screenshot.ts'
import { gone, needProgram, startQemu } from './start.ts'
import { askWeb } from './web.ts'

/** Whether a box is to be started, where `first` asks for no more than that. */
export const single = async (box: Box, wish: SingleWish, first: boolean): Promise<boolean> => {
  const running = box.running()
  switch (wish.kind) {
    case 'stop':
    case 'pull-plug':
      await stop(box, running, wish.kind === 'pull-plug')
      return false
    case 'console':
      needBox(running)
      await attachConsole(box.serialSocket)
      return false
    case 'screenshot':
      needBox(running)
      await writeScreenshot(box, wish.file)
      say(`wrote ${wish.file}`)
      return false
    case 'start':
      if (running) {
        await showAgain(box, running, wish.start)
        return false
      }
      await refuseWhatCannotStart(box, wish.start)
      if (!first) await start(box, wish.start)
      return first
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
    say(`  ./build.sh demo --single --stop; ./build.sh demo --single --image ${aside}`)
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
  const another = 'To start another, stop it first: ./build.sh demo --single --stop'
  if (wish.given.length > 0) {
    throw new Error(`${already}, so nothing comes of ${wish.given.join(', ')}. ${another}`)
  }
  say(`${already}: nothing was built`)
  say(another)
  await describe(box, running.port).catch(() => {
    throw new Error(
      'the page of the box that runs does not answer; it may still be booting. ' +
        'Look at it with ./build.sh demo --single --console',
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
  if (!running) throw new Error('no box runs: start one with ./build.sh demo --single')
}
