import { type ExecFileException, execFile } from 'node:child_process'
import { setTimeout as wait } from 'node:timers/promises'
import { promisify } from 'node:util'

/** Sets the clock of the system so many milliseconds ahead, or back; throws the words of `date`. */
export async function moveClock(ms: number): Promise<void> {
  // `date` takes whole seconds: wait until one begins.
  await wait(1000 - ((Date.now() + ms) % 1000))
  const seconds = Math.round((Date.now() + ms) / 1000)
  const date = ['date', '-s', `@${seconds}`]
  await promisify(execFile)('/bin/busybox', date, { timeout: 10_000 }).catch(wordsOfDate)
}

/** Node's own have the time in them: other words each time. */
function wordsOfDate({ stderr, code, signal }: ExecFileException): never {
  throw new Error(stderr?.trim() || `date: ${signal ?? code}`)
}
