import { type Ask, answerNow, answersOf, type Interview, type Question } from './interview.ts'
import {
  line,
  printable,
  type ScreenLine,
  type ScreenSize,
  spread,
  type Tone,
  wrap,
} from './screen-line.ts'

/** What has come of something that was done on the way. */
export type Note = { readonly tone: Tone; readonly text: string }

/** Exactly `size.rows` lines; the question, what it is about, the answer so far. */
export function interviewScreen(
  interview: Interview,
  ask: Ask,
  title: string,
  { columns: width, rows }: ScreenSize,
  place = `question ${interview.given.length + 1} `,
  note: Note | null = null,
): readonly ScreenLine[] {
  const question = ask(answersOf(interview))
  if (question === null) return []
  const head = line(spread(` ${printable(title)}`, place, width), 'title')
  const body = [
    line(''),
    ...wrap(question.title, width - 2).map(text => line(` ${text}`, 'good')),
    line(''),
    ...question.help.flatMap(text => wrap(text, width - 2).map(each => line(` ${each}`))),
    line(''),
    ...answerLines(interview, question, width),
    line(''),
    ...wrap(interview.error ?? '', width - 2).map(text => line(` ${text}`, 'warning')),
    ...wrap(note?.text ?? '', width - 2).map(text => line(` ${text}`, note?.tone)),
  ]
  const foot = [line('-'.repeat(width), 'quiet'), line(` ${keysText(interview, question)}`)]
  const room = Math.max(0, rows - 1 - foot.length)
  const shown = body.slice(0, room)
  const gap = Array.from({ length: room - shown.length }, () => line(''))
  return [head, ...shown, ...gap, ...foot].map(({ text, tone }) => line(text.slice(0, width), tone))
}

function answerLines(interview: Interview, question: Question, width: number): ScreenLine[] {
  if (question.options.length > 0) {
    return question.options.map(({ label }, index) => {
      const isChosen = index === interview.chosen
      const text = ` ${isChosen ? '>' : ' '} ${index + 1}  ${printable(label)}`
      return line(text, isChosen ? 'title' : 'plain')
    })
  }
  const typed = question.secret ? '*'.repeat(interview.typed.length) : interview.typed
  // The end of a long answer is what is being typed.
  const room = width - 5
  const shown = typed.length > room ? typed.slice(-room) : typed
  const usual = question.suggestion
  const hint = typed === '' && usual !== '' && !question.secret
  return [
    line(` > ${printable(shown)}_`),
    ...(hint ? [line(`   Enter alone takes: ${printable(usual)}`, 'quiet')] : []),
  ]
}

function keysText(interview: Interview, question: Question): string {
  const enter = question.options.length > 0 ? 'arrows or a digit choose, Enter takes it' : null
  const takes = answerNow(interview, question) === '' ? 'type, then Enter' : 'Enter takes it'
  const { letter } = question
  const also = letter === undefined ? '' : `   ${letter.letter} ${letter.does}`
  // With a letter there is no room for more.
  const back = letter === undefined ? '   Esc goes back, nothing is lost' : '   Esc goes back'
  const esc = interview.given.length > 0 ? back : '   Esc leaves'
  return `${enter ?? takes}${also}${esc}`
}
