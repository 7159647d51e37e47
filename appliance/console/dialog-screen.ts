import { setupQuestions } from '../setup/questions.ts'
import { interviewScreen } from '../terminal/interview-screen.ts'
import { line, type ScreenLine, type ScreenSize, type Tone, wrap } from '../terminal/screen-line.ts'
import type { Instant } from '../values/duration.ts'
import type { Dialog, DialogWorld } from './dialog.ts'

const title = 'Diarch setup'

/** Null: the terminal shows the screen of the box. */
export function dialogScreen(
  dialog: Dialog,
  { facts }: DialogWorld,
  now: Instant,
  size: ScreenSize,
): readonly ScreenLine[] | null {
  switch (dialog.at) {
    case 'screen':
      return null
    case 'interview':
      return interviewScreen(dialog.interview, setupQuestions(facts), title, size)
    case 'working':
      return sheet([`${dialog.what} ...`], 'plain', 'this may take a minute', size)
    case 'trial': {
      const left = Math.max(0, Math.ceil((dialog.until - now) / 1000))
      const keys = `Enter keeps it   Esc goes back at once, as it does by itself in ${left} s`
      return sheet(dialog.lines, 'good', keys, size)
    }
    case 'said':
      return sheet(dialog.lines, dialog.tone, 'Enter goes on', size)
  }
}

function sheet(
  paragraphs: readonly string[],
  tone: Tone,
  keys: string,
  { columns: width, rows }: ScreenSize,
): readonly ScreenLine[] {
  const body = paragraphs.flatMap((text, index) => [
    line(''),
    ...wrap(text, width - 2).map(each => line(` ${each}`, index === 0 ? tone : 'plain')),
  ])
  const head = line(` ${title}`.padEnd(width), 'title')
  const foot = [line('-'.repeat(width), 'quiet'), line(` ${keys}`)]
  const room = Math.max(0, rows - 1 - foot.length)
  const shown = body.slice(0, room)
  const gap = Array.from({ length: room - shown.length }, () => line(''))
  return [head, ...shown, ...gap, ...foot].map(each => ({
    ...each,
    text: each.text.slice(0, width),
  }))
}
