import { closeSync, constants, openSync } from 'node:fs'
import type { WatchdogStatus } from '../status/document.ts'
import { type Duration, seconds } from '../values/duration.ts'
import { native } from './native/binding.ts'

/**
 * The watchdog that resets the box unless somebody pings it. Never disarmed: that would take the
 * letter V before the close, and a hang afterwards would last for ever.
 */
export type Watchdog = {
  readonly status: WatchdogStatus
  readonly ping: () => void
  /** For an orderly stop: a reboot that hangs has so long, then the box is reset. */
  readonly handOver: (timeout: Duration) => void
}

export function openWatchdog(device: string, timeout: Duration): Watchdog {
  const { watchdogIdentity, watchdogSetTimeout, watchdogTimeout, watchdogKeepAlive } = native()
  // Not 'w': where there is no device, that would make a file of its name.
  const fd = openSync(device, constants.O_WRONLY)
  const set = (wish: Duration): void => {
    try {
      watchdogSetTimeout(fd, wish / seconds(1))
    } catch {
      // A driver with a fixed limit: what it is, is read back.
    }
  }
  set(timeout)
  const identity = orClosed(fd, () => watchdogIdentity(fd))
  const timeoutSeconds = watchdogTimeout(fd)
  const kind = identity.includes('Software Watchdog') ? 'software' : 'hardware'
  return {
    status: {
      device,
      identity,
      timeoutSeconds,
      kind,
      since: new Date().toISOString(),
      why: `it resets the box when the supervisor proves nothing for ${timeoutSeconds} s`,
    },
    ping: () => watchdogKeepAlive(fd),
    handOver: longer => {
      set(longer)
      try {
        watchdogKeepAlive(fd)
      } finally {
        closeSync(fd)
      }
    },
  }
}

function orClosed<T>(fd: number, work: () => T): T {
  try {
    return work()
  } catch (error) {
    closeSync(fd)
    throw error
  }
}
