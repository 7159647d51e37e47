import { setupQuestions } from '../setup/questions.ts'
import { interviewScreen } from '../terminal/interview-screen.ts'
import { line, type ScreenLine, type ScreenSize, type Tone, wrap } from '../terminal/screen-line.ts'
import type { Instant } from '../values/duration.ts'
import type { Dialog, DialogWorld } from './dialog.ts'
import { drawSheet } from './sheet.ts'
import { versionsQuestion } from './versions-question.ts'

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
      return interviewScreen(
        dialog.interview,
        setupQuestions(facts),
        title,
        size,
        undefined,
        dialog.note,
      )
    case 'versions':
      return interviewScreen(dialog.choice, versionsQuestion(dialog.other), title, size, '')
    case 'working':
      return sheet([`${dialog.what} ...`], 'plain', 'this may take a minute', size)
    case 'trial': {
      const left = Math.max(0, Math.ceil((dialog.until - now) / 1000))
      const keys = `Enter keeps it   Esc goes back at once, as it does by itself in ${left} s`
      return sheet(dialog.lines, 'good', keys, size)
    }
    case 'code': {
      const left = Math.max(0, Math.ceil((dialog.until - now) / 1000))
      const seconds = `${left % 60}`.padStart(2, '0')
      const lines = [
        'This box is set up. A second one may join it: its wizard asks for this code.',
        `      ${dialog.code}`,
        `It is good for one box and five tries, for ${Math.floor(left / 60)}:${seconds} more.`,
        ...dialog.lines,
      ]
      return sheet(lines, 'good', 'Enter goes on: the code stays good', size)
    }
    case 'said':
      return sheet(dialog.lines, dialog.tone, 'Enter goes on', size)
  }
}

function sheet(
  paragraphs: readonly string[],
  tone: Tone,
  keys: string,
  size: ScreenSize,
): readonly ScreenLine[] {
  const body = paragraphs.flatMap((text, index) => [
    line(''),
    ...wrap(text, size.columns - 2).map(each => line(` ${each}`, index === 0 ? tone : 'plain')),
  ])
  return drawSheet({ title, place: '', body, keys }, size)
}
