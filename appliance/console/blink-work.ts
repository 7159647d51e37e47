import type { Note } from '../terminal/interview-screen.ts'
import { ask, linesOf } from './setup-work.ts'

const seconds = 10

/** So that somebody finds the port; what came of it. */
export async function blinkPort(runDir: string, port: string): Promise<Note> {
  try {
    await ask(runDir, 'POST', `/api/v1/ports/${encodeURIComponent(port)}/blink`, { seconds })
    return { tone: 'good', text: `The lamp of ${port} blinks for ${seconds} seconds.` }
  } catch (error) {
    return { tone: 'warning', text: linesOf(error).map(ended).join(' ') }
  }
}

/** Title and detail of a refusal become one line. */
const ended = (text: string): string => (/[.?!]$/.test(text) ? text : `${text}.`)
