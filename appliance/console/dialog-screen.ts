import { setupQuestions } from '../setup/questions.ts'
import { interviewScreen } from '../terminal/interview-screen.ts'
import { line, type ScreenLine, type ScreenSize, type Tone, wrap } from '../terminal/screen-line.ts'
import type { Instant } from '../values/duration.ts'
import type { Dialog, DialogWorld } from './dialog.ts'
import { drawSheet } from './sheet.ts'
import type { Summary } from './trial-summary.ts'
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
      return drawSheet({ title, place: '', body: summaryBody(dialog.summary, size), keys }, size)
    }
    case 'code': {
      const left = Math.max(0, Math.ceil((dialog.until - now) / 1000))
      const seconds = `${left % 60}`.padStart(2, '0')
      const body = [
        ...paragraphs(
          ['This box is set up. A second one may join it: its wizard asks for this code.'],
          'plain',
          size,
        ),
        line(''),
        line(`${' '.repeat(codeIndent)}${dialog.code}`, 'good'),
        ...paragraphs(
          [
            `It is good for one box and five tries, for ${Math.floor(left / 60)}:${seconds} more.`,
            ...dialog.lines,
          ],
          'plain',
          size,
        ),
      ]
      return drawSheet({ title, place: '', body, keys: 'Enter goes on: the code stays good' }, size)
    }
    case 'said':
      return sheet(
        dialog.lines,
        dialog.tone,
        dialog.interview === null
          ? 'Enter goes on'
          : 'Enter goes on: what was typed is still there',
        size,
      )
  }
}

const sheet = (
  texts: readonly string[],
  tone: Tone,
  keys: string,
  size: ScreenSize,
): readonly ScreenLine[] =>
  drawSheet({ title, place: '', body: paragraphs(texts, tone, size), keys }, size)

/** `tone`: of the first one. */
const paragraphs = (
  texts: readonly string[],
  tone: Tone,
  { columns }: ScreenSize,
): readonly ScreenLine[] =>
  texts.flatMap((text, index) => [
    line(''),
    ...wrap(text, columns - 2).map(each => line(` ${each}`, index === 0 ? tone : 'plain')),
  ])

const [codeIndent, labelWidth] = [5, 19]

/** Where somebody reads once more what he has typed: one thing below the other. */
const summaryBody = ({ title: first, rows }: Summary, size: ScreenSize): readonly ScreenLine[] => [
  ...paragraphs([first], 'good', size),
  line(''),
  ...rows.flatMap(([label, text]) =>
    wrap(text, size.columns - labelWidth - 1).map((each, index) =>
      line(`${(index === 0 ? `  ${label}` : '').padEnd(labelWidth)}${each}`),
    ),
  ),
  ...paragraphs(['If you sit before it, or can reach it there, keep it.'], 'plain', size),
]
