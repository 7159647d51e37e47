/**
 * `~SEQ(NAME, start, step, end) LINE` reads a line for each number, `~SEQx` in hexadecimal;
 * `~LST(NAME, a, b) LINE` and `~LST({A, B}, {1, 2}, {3, 4}) LINE` for each value.
 */

export type Sequence = {
  readonly kind: 'sequence'
  readonly names: readonly string[]
  /** One value for each name; made as they are asked for, since a sequence may be endless. */
  readonly rounds: Iterable<readonly string[]>
  readonly line: string
}

export type SequenceRefused = { readonly kind: 'refused'; readonly expected: string }

export const startsSequence = (text: string): boolean => /^~(SEQ|LST)/.test(text)

/** One that stands behind other words is no sequence. */
export const holdsSequence = (text: string): boolean =>
  text.includes('~') && /~(SEQx?|LST)[ \t]*\(/.test(text)

const refused = (expected: string): SequenceRefused => ({ kind: 'refused', expected })

const header = /^~(SEQx?|LST)[ \t]*\(([^)]*)\)[ \t]*(.*)$/s

export function sequenceOf(
  text: string,
  fillIn: (text: string) => string,
): Sequence | SequenceRefused {
  const [, kind, inside, line] = header.exec(text) ?? []
  if (kind === undefined || inside === undefined || line === undefined) {
    return refused('~SEQ(NAME, start, step, end) or ~LST(NAME, value, ...)')
  }
  const given = fillIn(inside)
  return kind === 'LST' ? list(given, line) : numbers(given, line, kind === 'SEQx')
}

const isName = (text: string): boolean => /^[A-Za-z_]\w*$/.test(text)

/** As strtol reads them: 0x10 is sixteen, 010 is eight. */
function numberOf(text: string): number | null {
  const [, sign = '', digits = ''] =
    /^([+-]?)(0[xX][0-9a-fA-F]+|0[0-7]*|[1-9]\d*)$/.exec(text) ?? []
  if (digits === '') return null
  const octal = /^0\d/.test(digits)
  const value = octal ? Number.parseInt(digits, 8) : Number(digits)
  if (!Number.isSafeInteger(value)) return null
  return sign === '-' ? -value : value
}

function numbers(inside: string, line: string, hex: boolean): Sequence | SequenceRefused {
  const [name = '', ...rest] = inside.split(',').map(part => part.trim())
  const given = rest.map(numberOf)
  const [one, two, three] = given
  if (!isName(name) || given.includes(null) || one == null || given.length > 3) {
    return refused('~SEQ(NAME, start, step, end) with whole numbers')
  }
  const [start, step, end] =
    two == null
      ? [one < 0 ? -1 : 1, one < 1 ? -1 : 1, one]
      : three == null
        ? [one, one <= two ? 1 : -1, two]
        : [one, two, three]
  if (step === 0 || (end - start) * step < 0) return refused('a step that leads from start to end')
  if (hex && (start < 0 || end < 0)) return refused('no negative numbers in ~SEQx')
  const base = hex ? 16 : 10
  return { kind: 'sequence', names: [name], rounds: counted(start, step, end, base), line }
}

function* counted(start: number, step: number, end: number, base: number) {
  for (let at = start; step > 0 ? at <= end : at >= end; at += step) yield [at.toString(base)]
}

const listPart = /(?:[ \t]*\{([^{}]*)\}[ \t]*|([^{},]*))(,|$)/y

function list(inside: string, line: string): Sequence | SequenceRefused {
  const parts: (readonly string[])[] = []
  let grouped = false
  listPart.lastIndex = 0
  for (;;) {
    const match = listPart.exec(inside)
    if (match === null) return refused('~LST({A, B}, {1, 2}, ...) with its braces in pairs')
    if (parts.length === 0) grouped = match[1] !== undefined
    const part = match[1] ?? match[2] ?? ''
    parts.push((grouped ? part.split(',') : [part]).map(value => value.trim()))
    if (match[3] === '') break
  }
  const [names = [], ...rounds] = parts
  if (!names.every(isName) || rounds.length === 0) return refused('~LST(NAME, value, ...)')
  if (inside.includes('"')) return refused('values without quotes')
  if (rounds.some(values => values.length !== names.length)) {
    return refused(`a value for each of ${names.join(', ')}`)
  }
  return { kind: 'sequence', names, rounds, line }
}
