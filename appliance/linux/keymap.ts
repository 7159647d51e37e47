import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'

/** Puts a binary keymap in force on the screens of this machine; null, or why not. */
export async function loadKeymap(file: string): Promise<string | null> {
  try {
    const keymap = await readFile(file)
    return await new Promise(resolve => {
      const options = { timeout: 5000, killSignal: 'SIGKILL' } as const
      const program = execFile('/bin/busybox', ['loadkmap'], options, (error, _, said) =>
        resolve(error === null ? null : said.trim() || error.message),
      )
      // It may have ended before it has read all.
      program.stdin?.on('error', () => undefined).end(keymap)
    })
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}
