import type { FileQuestion } from '../health/question.ts'
import { type Ask, failed, passed, quoted } from './asking.ts'
import { readSeen } from './file.ts'
import { untilAborted } from './until-aborted.ts'

/** IPVS takes so much. */
const largestWeight = 65_535

/** The number in a file is the weight. */
export const askFile: Ask<FileQuestion> = async ({ path }, _target, signal) => {
  const seen = await untilAborted(readSeen(path), signal)
  if (seen === 'aborted') {
    return failed('timeout', `${path} could not be read in time: is its file server there?`)
  }
  if (seen.seen === 'nothing') return failed('wrong-answer', `there is no ${path}`)
  if (seen.seen === 'unreadable') return failed('cannot-ask', `${path}: ${seen.why}`)
  const text = seen.text.trim()
  const weight = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN
  if (!(weight <= largestWeight)) {
    const words = `${path} says ${quoted(text)}, expected a weight from 0 to ${largestWeight}`
    return failed('wrong-answer', words)
  }
  if (weight === 0) return failed('denied', `${path} says 0`)
  return passed(`${path} says ${weight}`, { kind: 'set', value: weight })
}
