import { execFile } from 'node:child_process'
import { setTimeout as wait } from 'node:timers/promises'
import { promisify } from 'node:util'

/** Sets the clock of the system so many milliseconds ahead, or back; throws the words of `date`. */
export async function moveClock(ms: number): Promise<void> {
  // `date` takes whole seconds: wait until one begins.
  await wait(1000 - ((Date.now() + ms) % 1000))
  const seconds = Math.round((Date.now() + ms) / 1000)
  await promisify(execFile)('/bin/busybox', ['date', '-s', `@${seconds}`], { timeout: 10_000 })
}
