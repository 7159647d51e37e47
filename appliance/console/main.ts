import { randomInt } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { parentChannel, startHeartbeat } from '../linux/parent-channel.ts'
import type { FoundBox } from '../pairing/discovery.ts'
import type { Status } from '../status/document.ts'
import type { HeardRouter } from '../status/heard-router.ts'
import { line, type ScreenLine, type ScreenSize } from '../terminal/screen-line.ts'
import { askFoundBoxes } from './join-work.ts'
import { drawScreen } from './screen.ts'
import { askHeardRouters } from './setup-work.ts'
import { Terminal, type TerminalSite } from './terminal.ts'
import { isScreen } from './terminal-device.ts'

/**
 * One process for all consoles of the box: the screen and every serial line that the kernel uses as
 * its console, or those named as arguments.
 */

const activeConsoles = '/sys/class/tty/console/active'

/** tty0 stands for whichever virtual screen is in front; ours is the first. */
const consoleDevices = (): string[] =>
  readFileSync(activeConsoles, 'utf8')
    .trim()
    .split(/\s+/)
    .map(name => `/dev/${name === 'tty0' ? 'tty1' : name}`)

/** Kernel messages overwrite a screen at any time; a serial line is slow and often recorded. */
const refreshMs = (device: string): number => (isScreen(device) ? 15_000 : 60_000)

/** The supervisor sends a status at least every few seconds. */
const silenceMs = 30_000
/** A countdown is to be seen to run. */
const watchMs = 1000

const silence =
  'The supervisor has been silent for more than 30 seconds: what is shown here is old. ' +
  'The watchdog resets the box if it does not come back.'

const starting: readonly ScreenLine[] = [line(' Diarch', 'title'), line(''), line(' Starting ...')]

const run = async (): Promise<void> => {
  const channel = parentChannel('console')
  const named = process.argv.slice(2)
  const devices = named.length > 0 ? named : consoleDevices()
  const stty = existsSync('/bin/busybox')
    ? (['/bin/busybox', 'stty'] as const)
    : (['stty'] as const)

  let status: Status | null = null
  let heardAt = performance.now()
  const isSilent = (): boolean => performance.now() - heardAt > silenceMs
  const draw = (size: ScreenSize): readonly ScreenLine[] =>
    status ? drawScreen(status, size, isSilent() ? silence : null) : starting
  const runDir = process.env.DIARCH_RUN ?? '/run/diarch'
  let heard: readonly HeardRouter[] | null = null
  let [found, isSearching]: [readonly FoundBox[], boolean] = [[], false]
  const site: TerminalSite = {
    runDir,
    status: () => status,
    screen: draw,
    virtualRouterId: randomInt(1, 256),
    heard: () => heard,
    found: () => found,
    search: () => {
      if (isSearching || found.length > 0) return
      isSearching = true
      void askFoundBoxes(runDir).then(boxes => {
        isSearching = false
        found = boxes
        for (const terminal of terminals) terminal.update()
      })
    },
    listen: () => {
      found = []
      void askHeardRouters(runDir).then(routers => {
        heard = routers
        for (const terminal of terminals) terminal.update()
      })
    },
  }
  const terminals: readonly Terminal[] = devices.map(path => new Terminal(path, stty, site))

  const leave = (text: string): void => {
    for (const { device } of terminals) device.close(text)
    process.exit(0)
  }
  channel.onClose(() => leave('Diarch: the supervisor ended. It is started again.'))
  channel.onMessage(message => {
    switch (message.kind) {
      case 'status':
        status = message.status
        heardAt = performance.now()
        for (const terminal of terminals) terminal.update()
        break
      case 'stop':
        leave('Diarch: the console was stopped.')
        break
    }
  })
  process.on('SIGTERM', () => leave('Diarch: the console was stopped.'))

  await Promise.all(terminals.map(({ device }) => device.open()))
  for (const { device } of terminals) setInterval(() => device.refresh(), refreshMs(device.path))
  setInterval(() => {
    for (const terminal of terminals) terminal.update()
  }, watchMs)
  channel.send({ kind: 'ready' })
  startHeartbeat(channel)
}

run().catch((error: unknown) => {
  console.error(`console cannot start: ${error instanceof Error ? error.message : error}`)
  process.exit(1)
})
