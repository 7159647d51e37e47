import type { KeyboardLayout } from '../config/console-schema.ts'
import { newestVersion } from '../config/migrations.ts'
import type { Note } from '../terminal/interview-screen.ts'
import { change, current, linesOf } from './setup-work.ts'

/** At once, and for good: a password is typed on it next. Null, or why not. */
export async function setKeyboard(runDir: string, keyboard: KeyboardLayout): Promise<Note | null> {
  try {
    const { revision, document } = await current(runDir)
    const before = (document ?? { schemaVersion: newestVersion, cluster: {} }) as {
      readonly node?: object
    }
    const next = { ...before, node: { ...before.node, console: { keyboard } } }
    const reason = 'the keyboard, at the console'
    await change(runDir, { document: next, parent: revision?.number ?? 0, reason })
    return null
  } catch (error) {
    return { tone: 'warning', text: linesOf(error).join(' ') }
  }
}
