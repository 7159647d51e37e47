/** Questions one after the other on a terminal: pure, and of any subject. */

import type { Key } from './keys.ts'

export type Question = {
  readonly id: string
  readonly title: string
  /** What it is about, and what happens with the answer. */
  readonly help: readonly string[]
  /** Empty: the answer is typed. Else it is the value of one of them. */
  readonly options: readonly Option[]
  /** It is not shown while it is typed. */
  readonly secret: boolean
  /** What Enter alone answers. */
  readonly suggestion: string
  /** A letter that does something with the option where the choice is, and what it does. */
  readonly letter?: { readonly letter: string; readonly does: string }
  /** Null: it is good. Else what is wrong with it, and what was expected. */
  readonly check: (answer: string) => string | null
}

export type Option = { readonly value: string; readonly label: string }

export type Answers = Readonly<Record<string, string>>

/** The next question, given the answers so far; null: there is none left. */
export type Ask = (answers: Answers) => Question | null

export type Interview = {
  /** In the order in which they were asked. */
  readonly given: readonly { readonly id: string; readonly answer: string }[]
  /** What was answered before somebody went back: it is suggested again. */
  readonly earlier: Answers
  readonly typed: string
  readonly chosen: number
  readonly error: string | null
}

export const newInterview: Interview = {
  given: [],
  earlier: {},
  typed: '',
  chosen: 0,
  error: null,
}

export const answersOf = ({ given }: Interview): Answers =>
  Object.fromEntries(given.map(({ id, answer }) => [id, answer]))

const longest = 500

/** A password that lacks what somebody believes to have typed opens nothing. */
const foreignError = 'That key was left out: only letters, digits and signs of ASCII are taken.'

export function stepInterview(interview: Interview, key: Key, ask: Ask): Interview {
  const question = ask(answersOf(interview))
  if (key.key === 'escape') return back(interview, ask)
  if (question === null) return interview
  switch (key.key) {
    case 'enter':
      return answered(interview, question, ask)
    case 'text':
      return question.options.length > 0
        ? picked(interview, question, key.text)
        : { ...interview, typed: `${interview.typed}${key.text}`.slice(0, longest), error: null }
    case 'foreign':
      return { ...interview, error: foreignError }
    case 'backspace':
      return { ...interview, typed: interview.typed.slice(0, -1), error: null }
    case 'erase-line':
      return { ...interview, typed: '', error: null }
    case 'up':
    case 'down': {
      const count = Math.max(1, question.options.length)
      const step = key.key === 'up' ? count - 1 : 1
      return { ...interview, chosen: (interview.chosen + step) % count, error: null }
    }
    default:
      return interview
  }
}

/** Where the next question starts: at what was answered earlier, else at what is suggested. */
export function facing(interview: Interview, ask: Ask): Interview {
  const question = ask(answersOf(interview))
  if (question === null) return interview
  const earlier = interview.earlier[question.id]
  const wanted = earlier ?? question.suggestion
  const chosen = question.options.findIndex(({ value }) => value === wanted)
  const typed = question.secret || question.options.length > 0 ? '' : (earlier ?? '')
  return { ...interview, typed, chosen: Math.max(0, chosen), error: null }
}

/** What is known from elsewhere is suggested too, but where somebody has begun to answer. */
export function knowing(interview: Interview, earlier: Answers, ask: Ask): Interview {
  const next = { ...interview, earlier: { ...earlier, ...interview.earlier } }
  const { typed, chosen } = facing(interview, ask)
  const isBegun = interview.typed !== typed || interview.chosen !== chosen
  return isBegun ? next : facing(next, ask)
}

/** The key is the letter that the question offers. */
export const isLetterOf = (question: Question, key: Key): boolean =>
  key.key === 'text' && key.text.toLowerCase() === question.letter?.letter

/** What Enter would answer now. */
export function answerNow({ typed, chosen }: Interview, question: Question): string {
  if (question.options.length > 0) return question.options[chosen]?.value ?? ''
  if (question.secret) return typed
  return typed.trim() === '' ? question.suggestion : typed.trim()
}

function answered(interview: Interview, question: Question, ask: Ask): Interview {
  const answer = answerNow(interview, question)
  const error = question.check(answer)
  // What was typed stays, to be mended.
  if (error !== null) return { ...interview, error }
  const given = [...interview.given, { id: question.id, answer }]
  return facing({ ...interview, given }, ask)
}

/** A digit picks an option; Enter then takes it. */
function picked(interview: Interview, { options }: Question, text: string): Interview {
  const index = Number(text) - 1
  return options[index] === undefined ? interview : { ...interview, chosen: index, error: null }
}

function back(interview: Interview, ask: Ask): Interview {
  const last = interview.given.at(-1)
  if (last === undefined) return interview
  const given = interview.given.slice(0, -1)
  const earlier = { ...interview.earlier, [last.id]: last.answer }
  return facing({ ...interview, given, earlier }, ask)
}
