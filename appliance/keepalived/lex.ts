/**
 * The letters of keepalived's language: comments, quotes, escapes and words. Its lines come in two
 * dialects. Most are cut at white space, with `"` alone as a quote and no escapes; lines that name
 * a program or a pattern are read as a shell would.
 */

/** Space, tab, line feed, vertical tab, form feed, carriage return. */
const isSpace = (code: number): boolean => code === 0x20 || (code >= 0x09 && code <= 0x0d)

const quoteCode = 0x22

const endsWord = (code: number): boolean => isSpace(code) || code === quoteCode

export type Uncommented = {
  /** Trimmed. */
  readonly text: string
  /** A backslash ended the line, be it in its comment. */
  readonly continues: boolean
  readonly commented: boolean
}

/** A comment, a quote or a backslash. */
export const hasMore = /[!#"\\]/

/** One string and not two: a large file has a hundred thousand lines. */
export function trimmed(text: string, from: number, to: number): string {
  let [begin, end] = [from, to]
  while (begin < end && isSpace(text.charCodeAt(begin))) begin += 1
  while (end > begin && isSpace(text.charCodeAt(end - 1))) end -= 1
  return text.slice(begin, end)
}

export function withoutComment(line: string): Uncommented {
  if (!hasMore.test(line))
    return { text: trimmed(line, 0, line.length), continues: false, commented: false }
  let text = ''
  let quoted = false
  let commented = false
  let continues = false
  for (let at = 0; at < line.length; at++) {
    const letter = line.charAt(at)
    if (letter === '\\') {
      const next = line.charAt(at + 1)
      if (next === '') continues = true
      else if (!commented) text += !quoted && (next === '#' || next === '!') ? next : letter + next
      at += 1
    } else if (!commented) {
      if (letter === '"') quoted = !quoted
      else if (!quoted && (letter === '#' || letter === '!')) commented = true
      if (!commented) text += letter
    }
  }
  return { text: trimmed(text, 0, text.length), continues, commented }
}

export type Words = {
  readonly words: readonly string[]
  /** A quote has no end; what follows it became the last word. */
  readonly open: boolean
}

/** A quote ends a word, and begins one: `a"b c"d` is three. */
export function plainWords(text: string): Words {
  const words: string[] = []
  let at = 0
  for (;;) {
    while (isSpace(text.charCodeAt(at))) at += 1
    if (at >= text.length) return { words, open: false }
    const begin = at
    if (text.charCodeAt(at) === quoteCode) {
      const end = text.indexOf('"', at + 1)
      words.push(text.slice(begin + 1, end < 0 ? text.length : end))
      if (end < 0) return { words, open: true }
      at = end + 1
    } else {
      while (at < text.length && !endsWord(text.charCodeAt(at))) at += 1
      words.push(text.slice(begin, at))
    }
  }
}

const named: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  E: '\x1b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
}

const afterBackslash = /x([0-9a-fA-F]+)|c(.)|([0-7]{1,3})|(.)/sy

/** Quotes of both kinds hold a word together wherever they stand in it, and backslashes escape. */
export function shellWords(text: string): Words {
  const words: string[] = []
  let word: string | null = null
  let quote = ''
  for (let at = 0; at < text.length; at++) {
    const letter = text.charAt(at)
    if (letter === '\\') {
      afterBackslash.lastIndex = at + 1
      const match = afterBackslash.exec(text)
      word = (word ?? '') + escaped(match)
      at += match?.[0].length ?? 0
    } else if (quote !== '') {
      if (letter === quote) quote = ''
      else word += letter
    } else if (letter === '"' || letter === "'") {
      quote = letter
      word ??= ''
    } else if (!isSpace(text.charCodeAt(at))) {
      word = (word ?? '') + letter
    } else if (word !== null) {
      words.push(word)
      word = null
    }
  }
  if (word !== null) words.push(word)
  return { words, open: quote !== '' }
}

function escaped(match: RegExpExecArray | null): string {
  if (match === null) return '\\'
  const [, hex, control, octal, other = ''] = match
  if (hex !== undefined) return String.fromCharCode(Number.parseInt(hex.slice(-2), 16))
  if (control !== undefined) return String.fromCharCode(control.charCodeAt(0) & 0x1f)
  if (octal !== undefined) return String.fromCharCode(Number.parseInt(octal, 8) & 0xff)
  return named[other] ?? other
}

/** Keywords whose lines are read as a shell would. */
const shellKeywords: ReadonlySet<string> = new Set([
  'script',
  'misc_path',
  'process',
  'notify',
  'notify_master',
  'notify_backup',
  'notify_fault',
  'notify_stop',
  'notify_deleted',
  'notify_master_rx_lower_pri',
  'notify_up',
  'notify_down',
  'quorum_up',
  'quorum_down',
  'notify_fifo_script',
  'vrrp_notify_fifo_script',
  'lvs_notify_fifo_script',
  'startup_script',
  'shutdown_script',
  'regex',
])

/** The words of one line, its keyword first. */
export function wordsOf(text: string): Words {
  const plain = plainWords(text)
  return shellKeywords.has(plain.words[0] ?? '') ? shellWords(text) : plain
}

/** A brace splits a line wherever it stands, except in double quotes and in `${NAME}`. */
const beforeBrace = /(?:[^{}"$]+|"(?:[^"\\]|\\.)*"|\$\{[A-Za-z_]\w*(?: [^{}]*)?\}|\$|".*)*/sy

/** The first piece of a line, a brace or what stands before one, and what is left. */
export function firstPiece(line: string): readonly [piece: string, rest: string] {
  const first = line.charAt(0)
  if (first === '{' || first === '}') return [first, line.slice(1).trim()]
  if (!line.includes('{') && !line.includes('}')) return [line, '']
  beforeBrace.lastIndex = 0
  const length = beforeBrace.exec(line)?.[0].length ?? line.length
  return [line.slice(0, length).trim(), line.slice(length)]
}
