/** A file becomes lines without comments; those that a backslash continues are put together. */

import { hasMore, trimmed, type Uncommented, withoutComment } from './lex.ts'
import { longestLine } from './parse-budget.ts'
import type { ParseProblem } from './tree.ts'

export type LineReader = {
  /** `more`: the lines that continue a definition. */
  line(number: number, text: string, more: readonly string[]): void
  problem(number: number, severity: ParseProblem['severity'], reason: string, text: string): void
}

const none: readonly string[] = []

export function readLines(text: string, reader: LineReader): void {
  let number = 0
  let at = 0
  if (text.startsWith('\ufeff')) {
    at = 1
    const why = 'a byte order mark; keepalived takes it for a part of the first word'
    reader.problem(1, 'lenient', 'byte-order-mark', why)
  }

  const next = (): Uncommented => {
    const found = text.indexOf('\n', at)
    const end = found < 0 ? text.length : found
    const line = text.slice(at, end)
    at = end + 1
    number += 1
    return withoutComment(notTooLong(line, number, reader))
  }

  /** Most lines have nothing but words in them. Null: this one has more, and is not taken yet. */
  const plainLine = (): string | null => {
    const found = text.indexOf('\n', at)
    const end = found < 0 ? text.length : found
    const line = trimmed(text, at, end)
    if (line.length > longestLine || hasMore.test(line)) return null
    at = end + 1
    number += 1
    return line
  }

  const continued = (first: Uncommented): void => {
    const begin = number
    const more: string[] = []
    for (let goesOn = true; goesOn && at < text.length; ) {
      const line = next()
      goesOn = line.continues
      if (line.text !== '') more.push(line.text)
      else if (!line.continues && !line.commented) {
        const why = 'this empty line ends what the backslash before it continues'
        reader.problem(number, 'lenient', 'ended-by-empty-line', why)
      }
    }
    if (isDefinition(first.text)) {
      reader.line(begin, first.text, more)
      return
    }
    const why = 'read as one line; keepalived keeps the backslash and reads each line by itself'
    reader.problem(begin, 'lenient', 'line-continued', why)
    const whole = [first.text, ...more].join(' ')
    reader.line(begin, notTooLong(whole, begin, reader), none)
  }

  while (at < text.length) {
    const plain = plainLine()
    if (plain !== null) {
      if (plain !== '') reader.line(number, plain, none)
      continue
    }
    const line = next()
    if (!line.continues) {
      if (line.text !== '') reader.line(number, line.text, none)
    } else if (line.commented && !isDefinition(line.text)) {
      const why = 'a backslash at the end of a comment continues nothing'
      reader.problem(number, 'lenient', 'line-continued', why)
      reader.line(number, line.text, none)
    } else {
      continued(line)
    }
  }
}

function notTooLong(line: string, number: number, reader: LineReader): string {
  if (line.length <= longestLine) return line
  const why = `a line of ${line.length} letters was left out`
  reader.problem(number, 'error', 'line-too-long', why)
  return ''
}

const isDefinition = (text: string): boolean => /^(@\S+[ \t]+)?\$[A-Za-z_]\w*=/.test(text)
