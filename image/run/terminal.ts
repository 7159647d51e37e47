/**
 * The text that a serial terminal would show: enough of a VT100 to render what boot loaders, shells
 * and full-screen consoles send (cursor addressing, erasing, scrolling, UTF-8). Colours and other
 * looks are understood and dropped.
 */
export class Terminal {
  readonly columns: number
  readonly rows: number
  /** Takes what a real terminal would send back when it is asked (cursor position, identity). */
  onReply: (text: string) => void = () => {}
  #lines: string[][]
  #row = 0
  #column = 0
  #saved = { row: 0, column: 0 }
  #top = 0
  #bottom: number
  /** The cursor stands behind the last column: the next character goes to a new line. */
  #wrapPending = false
  /** An escape sequence whose end has not come yet. */
  #unfinished = ''
  readonly #decoder = new TextDecoder()

  constructor(columns = 80, rows = 24) {
    this.columns = columns
    this.rows = rows
    this.#bottom = rows - 1
    this.#lines = Array.from({ length: rows }, () => this.#blank())
  }

  write(bytes: Uint8Array): void {
    const text = this.#unfinished + this.#decoder.decode(bytes, { stream: true })
    this.#unfinished = ''
    let at = 0
    while (at < text.length) {
      if (text[at] !== '\x1b') {
        const symbol = String.fromCodePoint(text.codePointAt(at) ?? 0x20)
        this.#put(symbol)
        at += symbol.length
        continue
      }
      const rest = text.slice(at)
      const sequence = escapeSequence.exec(rest)
      if (sequence) this.#escape(sequence)
      else if (unfinishedEscape.exec(rest)?.index === 0) {
        this.#unfinished = rest
        return
      }
      // What is no escape sequence loses its escape.
      at += sequence?.[0].length ?? 1
    }
  }

  /** The screen as lines of text without trailing blanks. */
  text(): string {
    return this.#lines.map(line => line.join('').trimEnd()).join('\n')
  }

  get cursor(): { readonly row: number; readonly column: number } {
    return { row: this.#row, column: this.#column }
  }

  #put(symbol: string): void {
    const act = this.#acts[symbol]
    if (act) act()
    else if (symbol >= ' ' && symbol !== '\x7f') this.#print(symbol)
  }

  #print(symbol: string): void {
    if (this.#wrapPending) {
      this.#column = 0
      this.#lineFeed()
    }
    this.#line(this.#row)[this.#column] = symbol
    if (this.#column === this.columns - 1) this.#wrapPending = true
    else this.#column++
  }

  readonly #acts: Readonly<Record<string, () => void>> = {
    '\n': () => this.#lineFeed(),
    '\v': () => this.#lineFeed(),
    '\f': () => this.#lineFeed(),
    '\r': () => this.#moveTo(this.#row, 0),
    '\b': () => this.#moveTo(this.#row, this.#column - 1),
    '\t': () => this.#moveTo(this.#row, (Math.floor(this.#column / 8) + 1) * 8),
  }

  readonly #escapes: Readonly<Record<string, () => void>> = {
    7: () => this.#save(),
    8: () => this.#moveTo(this.#saved.row, this.#saved.column),
    D: () => this.#lineFeed(),
    E: () => {
      this.#moveTo(this.#row, 0)
      this.#lineFeed()
    },
    M: () => {
      if (this.#row === this.#top) this.#insertLines(this.#top, 1)
      else this.#moveTo(this.#row - 1, this.#column)
    },
    c: () => this.#reset(),
  }

  /** Control sequences: `n` is the first number or 1, `m` the second or 1. */
  readonly #controls: Readonly<Record<string, (n: number, m: number, first: number) => void>> = {
    H: (n, m) => this.#moveTo(n - 1, m - 1),
    f: (n, m) => this.#moveTo(n - 1, m - 1),
    A: n => this.#moveTo(this.#row - n, this.#column),
    B: n => this.#moveTo(this.#row + n, this.#column),
    C: n => this.#moveTo(this.#row, this.#column + n),
    D: n => this.#moveTo(this.#row, this.#column - n),
    E: n => this.#moveTo(this.#row + n, 0),
    F: n => this.#moveTo(this.#row - n, 0),
    G: n => this.#moveTo(this.#row, n - 1),
    d: n => this.#moveTo(n - 1, this.#column),
    J: (_n, _m, part) => this.#eraseScreen(part),
    K: (_n, _m, part) => this.#eraseLine(part),
    X: n => this.#line(this.#row).fill(' ', this.#column, this.#column + n),
    P: n => this.#shiftLine(line => line.splice(this.#column, n)),
    '@': n => this.#shiftLine(line => line.splice(this.#column, 0, ...Array(n).fill(' '))),
    L: n => this.#insertLines(this.#row, n),
    M: n => this.#deleteLines(this.#row, n),
    S: n => this.#deleteLines(this.#top, n),
    T: n => this.#insertLines(this.#top, n),
    s: () => this.#save(),
    u: () => this.#moveTo(this.#saved.row, this.#saved.column),
    n: (_n, _m, question) => {
      if (question === 5) this.onReply('\x1b[0n')
      if (question === 6) this.onReply(`\x1b[${this.#row + 1};${this.#column + 1}R`)
    },
    c: () => this.onReply('\x1b[?1;0c'),
  }

  #escape([, parameters, intermediate, final, single]: RegExpExecArray): void {
    if (single !== undefined) this.#escapes[single]?.()
    if (final === undefined || parameters === undefined || intermediate) return
    // Private (`?`, `>`, `=`) sequences switch modes; only the alternate screen shows.
    if (/^[?<=>]/.test(parameters)) {
      if (/^\?(47|1047|1049)$/.test(parameters)) this.#eraseScreen(2)
      return
    }
    const [first = 0, second = 0] = parameters.split(';').map(Number)
    if (final === 'r') this.#scrollBetween(first || 1, second || this.rows)
    else this.#controls[final]?.(first || 1, second || 1, first)
  }

  #scrollBetween(first: number, last: number): void {
    this.#top = first - 1
    this.#bottom = Math.min(last, this.rows) - 1
    this.#moveTo(0, 0)
  }

  #save(): void {
    this.#saved = this.cursor
  }

  #moveTo(row: number, column: number): void {
    this.#row = clamp(row, this.rows - 1)
    this.#column = clamp(column, this.columns - 1)
    this.#wrapPending = false
  }

  #lineFeed(): void {
    this.#wrapPending = false
    if (this.#row === this.#bottom) this.#deleteLines(this.#top, 1)
    else if (this.#row < this.rows - 1) this.#row++
  }

  /** 0: from the cursor on, 1: up to the cursor, otherwise everything. */
  #eraseScreen(part: number): void {
    if (part < 2) this.#eraseLine(part)
    const [from, to] = [part === 0 ? this.#row + 1 : 0, part === 1 ? this.#row : this.rows]
    for (let row = from; row < to; row++) this.#lines[row] = this.#blank()
  }

  #eraseLine(part: number): void {
    const from = part === 0 ? this.#column : 0
    const to = part === 1 ? this.#column + 1 : this.columns
    this.#line(this.#row).fill(' ', from, to)
  }

  #shiftLine(shift: (line: string[]) => void): void {
    const line = this.#line(this.#row)
    shift(line)
    while (line.length < this.columns) line.push(' ')
    line.length = this.columns
  }

  #deleteLines(row: number, count: number): void {
    if (row < this.#top || row > this.#bottom) return
    const gone = Math.min(count, this.#bottom - row + 1)
    this.#lines.splice(row, gone)
    this.#lines.splice(
      this.#bottom + 1 - gone,
      0,
      ...Array.from({ length: gone }, () => this.#blank()),
    )
  }

  #insertLines(row: number, count: number): void {
    if (row < this.#top || row > this.#bottom) return
    const added = Math.min(count, this.#bottom - row + 1)
    this.#lines.splice(this.#bottom + 1 - added, added)
    this.#lines.splice(row, 0, ...Array.from({ length: added }, () => this.#blank()))
  }

  #reset(): void {
    this.#top = 0
    this.#bottom = this.rows - 1
    this.#moveTo(0, 0)
    this.#eraseScreen(2)
  }

  #line(row: number): string[] {
    return this.#lines[row] ?? []
  }

  #blank(): string[] {
    return Array<string>(this.columns).fill(' ')
  }
}

const clamp = (value: number, largest: number): number => Math.max(0, Math.min(largest, value))

// Control sequence | operating system command | character set or single character.
const escapeSequence =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences are made of them
  /^\x1b(?:\[([0-?]*)([ -/]*)([@-~])|\][^\x07\x1b]*(?:\x07|\x1b\\)|[ -/]+[0-~]|([0-Z\\^-~]))/
/** An escape sequence at the end of a text that goes on in the next piece. */
export const unfinishedEscape =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences are made of them
  /\x1b(?:\[[0-?]*[ -/]*|\][^\x07\x1b]*\x1b?|[ -/]*)$/
const unseen =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences are made of them
  /\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[ -/]+[0-~]|[0-Z\\^-~])|\r/g

/** Text without escape sequences and carriage returns, as a log would keep it. */
export const withoutEscapes = (text: string): string => text.replace(unseen, '')
