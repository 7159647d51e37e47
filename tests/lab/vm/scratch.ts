import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** What the lab needs of the context that node:test gives to a test. */
export type TestContext = { after(clean: () => Promise<void>): void }

/**
 * A folder that vanishes after the test. A shell holds it: it waits for the end of its input, which
 * comes when the test closes it, and also when the test is killed. The name is short because
 * paths of sockets have to be.
 */
export const scratchFolder = (t: TestContext): string => {
  const folder = mkdtempSync(join(tmpdir(), 'diarch-vm-'))
  // Detached, so that Ctrl-C on the test's terminal does not end the shell before its work.
  const guardian = spawn(
    'sh',
    ['-c', 'trap "" TERM INT HUP; cat >/dev/null; rm -rf "$1"', 'sh', folder],
    {
      stdio: ['pipe', 'ignore', 'ignore'],
      detached: true,
    },
  )
  guardian.unref()
  t.after(async () => {
    guardian.ref()
    const ended = once(guardian, 'exit')
    guardian.stdin.end()
    await ended
  })
  return folder
}
