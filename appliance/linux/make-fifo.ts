import { execFile, execFileSync } from 'node:child_process'
import { promisify } from 'node:util'

/** Node has no call for it; coreutils and busybox both have the program. */
const command = (path: string, mode: string): readonly [string, readonly string[]] => [
  'mkfifo',
  ['-m', mode, '--', path],
]

/** Throws with what mkfifo says. */
export function makeFifo(path: string, mode: string): void {
  execFileSync(...command(path, mode), { stdio: ['ignore', 'ignore', 'pipe'], timeout: 5000 })
}

export async function makeFifoInBackground(path: string, mode: string): Promise<void> {
  await promisify(execFile)(...command(path, mode), { timeout: 5000 })
}
