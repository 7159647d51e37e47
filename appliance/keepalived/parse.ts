/**
 * keepalived's language becomes a tree. A line goes through these hands, in keepalived's order:
 * comments off, condition (`@id`), definition (`$NAME=`), sequence (`~SEQ`), names filled in,
 * include, and what is left is cut at its braces. What a brace leaves of a line is a line again.
 */

import { conditionOf } from './condition.ts'
import {
  definitionOf,
  fill,
  type Spend,
  spacedDefinition,
  unfilled,
  type Value,
} from './definition.ts'
import {
  below,
  changedChecks,
  filesOf,
  folderOf,
  type Include,
  includeOf,
  noChecks,
} from './include.ts'
import { firstPiece, wordsOf } from './lex.ts'
import { Blocks, type Brace } from './parse-blocks.ts'
import { Budget, GivenUp } from './parse-budget.ts'
import { builtIn } from './parse-built-in.ts'
import { readLines } from './parse-lines.ts'
import { PlainLines } from './parse-plain-lines.ts'
import { Problems } from './parse-problems.ts'
import { holdsSequence, sequenceOf, startsSequence } from './sequence.ts'
import type { Aside, ParsedFile, ParseSite, Place } from './tree.ts'

/** Never throws, whatever stands in the files: a parse that is given up says so in its problems. */
export function parseKeepalived(path: string, site: ParseSite): ParsedFile {
  const parser = new Parser(path, site)
  return parser.parse(path)
}

/** Files in files, and templates in templates. */
const deepestNesting = 32

const braceText: Readonly<Record<Brace, string>> = {
  'unexpected-brace': 'nothing stands before this { that it could belong to',
  'extra-brace': 'this } closes nothing',
  'too-deep': 'blocks are nested deeper than any that keepalived has',
}

/** Lines that templates add behind the line that names them. */
type Later = { lines: readonly string[] }

class Parser {
  readonly #site: ParseSite
  readonly #blocks = new Blocks()
  readonly #budget: Budget
  readonly #problems = new Problems()
  readonly #definitions = new Map<string, Value>()
  readonly #files: string[] = []
  readonly #asides: Aside[] = []
  readonly #plain = new PlainLines()
  /** The file that is being read, behind those that include it. */
  readonly #within: string[] = []
  #fileName: string
  #lineNumber = 0
  /** What `include_check` asks for: kept until the end of the file that says it. */
  #checks = noChecks

  constructor(path: string, site: ParseSite) {
    this.#site = site
    this.#budget = new Budget(site.mostLines)
    this.#fileName = path
  }

  parse(path: string): ParsedFile {
    try {
      if (!this.#file(path)) this.#error('file-not-found', `there is no file ${path}`)
      for (const place of this.#blocks.unclosed) {
        this.#problems.add('error', place, 'missing-brace', 'the block that begins here has no }')
      }
    } catch (error) {
      if (!(error instanceof GivenUp)) throw error
      this.#problems.giveUp(this.#place, error)
    }
    return {
      entries: this.#blocks.end(),
      asides: this.#asides,
      problems: this.#problems.all,
      files: this.#files,
    }
  }

  get #place(): Place {
    return { file: this.#fileName, line: this.#lineNumber }
  }

  #file(path: string): boolean {
    const text = this.#site.read(path)
    if (text === null) return false
    this.#budget.readFile(text)
    this.#files.push(path)
    this.#within.push(below('.', path))
    const [place, checks] = [this.#place, this.#checks]
    this.#lines(path, text)
    this.#moveTo(place.file, place.line)
    this.#checks = checks
    this.#within.pop()
    return true
  }

  #moveTo(file: string, line: number): void {
    this.#fileName = file
    this.#lineNumber = line
  }

  #lines(file: string, text: string): void {
    readLines(text, {
      line: (number, line, more) => {
        this.#moveTo(file, number)
        this.#line(line, more, 0)
      },
      problem: (number, severity, reason, why) => {
        this.#moveTo(file, number)
        this.#problems.add(severity, this.#place, reason, why)
      },
    })
  }

  /** `more`: the lines that continue it, if it is a definition. */
  #line(line: string, more: readonly string[], depth: number): void {
    if (line === '}') {
      this.#piece(line)
      return
    }
    const plain = this.#plain.of(line)
    if (plain !== null) {
      this.#entry(plain.keyword, plain.words)
      if (plain.opens) this.#piece('{')
      return
    }
    if (depth > deepestNesting) {
      throw new GivenUp('definition-loop', 'definitions or sequences are nested without an end')
    }
    const later: Later = { lines: [] }
    let text = this.#ready(line, more, later, depth)
    while (text !== '') {
      const [piece, rest] = firstPiece(text)
      this.#piece(piece)
      if (rest === '') break
      this.#budget.expand(rest.length)
      text = this.#ready(rest, null, later, depth)
    }
    for (const next of later.lines) {
      this.#budget.expand(next.length, 0)
      this.#line(next, [], depth + 1)
    }
  }

  /** What is left of a line to be cut at its braces; lines that follow from it go to `later`. */
  #ready(line: string, more: readonly string[] | null, later: Later, depth: number): string {
    let spend: Spend | null = null
    let text = line
    for (;;) {
      if (text.startsWith('@')) {
        text = this.#conditional(text, depth)
        if (text.startsWith('@')) {
          this.#lenient(
            'nested-condition',
            'keepalived reads one condition in a line; both hold here',
          )
        }
        continue
      }
      if (text.startsWith('$')) {
        const found = definitionOf([text, ...(more ?? [])])
        if (found !== null) {
          this.#definitions.set(found.name, found.value)
          if (depth === 0) this.#aside('')
          return ''
        }
        const spaced = spacedDefinition(text)
        if (spaced !== null) {
          this.#error('spaced-definition', `no space may stand before the = of $${spaced}`)
          return ''
        }
      }
      if (startsSequence(text)) {
        this.#sequence(text, depth)
        return ''
      }
      // Null: what a brace left of a line that is filled in already.
      if (more === null || !text.includes('$')) break
      spend ??= this.#budget.line()
      const filled = fill(text, this.#find, spend)
      if (!filled.changed) break
      if (filled.later.length > 0) later.lines = [...filled.later, ...later.lines]
      text = filled.text.trim()
    }
    const include = text.startsWith('include') ? includeOf(text, this.#checks) : null
    if (include === null) return text
    this.#aside('')
    this.#include(include)
    return ''
  }

  readonly #find = (name: string, words: string): Value | null => {
    const own = words === '' ? this.#definitions.get(name) : undefined
    if (own !== undefined) return own
    const file = this.#fileName
    const found = builtIn(name, words, { site: this.#site, folder: folderOf(file) })
    if (found === null) return null
    if (found.random) {
      const why = `keepalived takes another number at each start; ${found.value} stands for it here`
      this.#lenient('random-value', why)
    }
    return [found.value]
  }

  #conditional(text: string, depth: number): string {
    const condition = conditionOf(text, this.#site.configId)
    if (condition.kind === 'holds') return condition.rest
    if (condition.kind === 'other' && depth === 0) {
      this.#aside(`this box is ${this.#site.configId ?? 'another one'}: the line is not for it`)
    }
    if (condition.kind === 'no-id') {
      this.#lenient('no-config-id', `this line is for @${condition.id}, and no id was given`)
    }
    if (condition.kind === 'incomplete') {
      const why = 'a condition is "@id LINE" or "@^id LINE" (a ! begins a comment); it is left out'
      this.#lenient('incomplete-condition', why)
    }
    return ''
  }

  #sequence(text: string, depth: number): void {
    const spend = this.#budget.line()
    const sequence = sequenceOf(text, inside => fill(inside, this.#find, spend).text)
    if (sequence.kind === 'refused') {
      this.#error('invalid-sequence', `expected ${sequence.expected}, not ${quoted(text)}`)
      return
    }
    const { names, rounds, line } = sequence
    for (const values of rounds) {
      this.#budget.expand(line.length)
      names.forEach((name, index) => {
        this.#definitions.set(name, [values[index] ?? ''])
      })
      this.#line(line, [], depth + 1)
    }
  }

  #include(include: Include): void {
    const { keyword, pattern, checks } = include
    const found = filesOf(include, folderOf(this.#fileName), this.#site)
    if (found === null) {
      this.#error('include-braces', `${keyword} ${quoted(pattern)} stands for too many files`)
      return
    }
    for (const missing of found.missing) {
      if (!missing.minded) continue
      this.#error('include-not-found', `${keyword}: no file is called ${quoted(missing.pattern)}`)
    }
    for (const path of found.paths) {
      if (this.#within.includes(below('.', path))) {
        this.#error('include-loop', `${path} includes itself: ${this.#within.join(' > ')}`)
      } else if (this.#within.length >= deepestNesting) {
        this.#error('include-loop', `more than ${deepestNesting} files include one another`)
      } else if (!this.#file(path)) {
        const severity = checks.size > 0 ? 'error' : 'lenient'
        const why = `${keyword}: there is no file ${path}, or it cannot be read`
        this.#problems.add(severity, this.#place, 'include-not-found', why)
      }
    }
  }

  #piece(piece: string): void {
    if (piece === '{' || piece === '}') {
      const wrong = piece === '{' ? this.#open() : this.#blocks.close()
      if (wrong !== null) this.#error(wrong, braceText[wrong])
      return
    }
    const { words, open } = wordsOf(piece)
    const [keyword, ...rest] = words
    if (keyword === undefined) return
    if (open) this.#error('unterminated-quote', `a quote has no end in ${quoted(piece)}`)
    this.#leftOver(piece)
    if (keyword === 'include_check') this.#checks = changedChecks(this.#checks, rest)
    this.#entry(this.#plain.keyword(keyword), rest)
  }

  #open(): Brace | null {
    return this.#blocks.open(this.#fileName, this.#lineNumber)
  }

  #entry(keyword: string, words: readonly string[]): void {
    this.#budget.entry()
    this.#blocks.add(keyword, words, this.#fileName, this.#lineNumber)
  }

  /** What should have become something else on the way here. */
  #leftOver(piece: string): void {
    if (holdsSequence(piece)) {
      const why =
        'a sequence stands at the beginning of its line; keepalived reads this one as words'
      this.#error('invalid-sequence', why)
    }
    for (const { written, name, inQuotes } of unfilled(piece)) {
      const value = this.#definitions.get(name)
      if (value === undefined) {
        // Outside quotes keepalived cuts the line at these braces.
        const severity = written.includes('{') && !inQuotes ? 'error' : 'lenient'
        const why = `nothing defines ${written}: it stays as it is`
        this.#problems.add(severity, this.#place, 'unknown-definition', why)
      } else if (value.length > 1) {
        this.#error('definition-not-last', `${written} has several lines and must end its line`)
      } else {
        const why = `keepalived leaves ${written} as it is: write \${${name}}`
        this.#lenient('unknown-definition', why)
      }
    }
  }

  #aside(text: string): void {
    this.#asides.push({ place: this.#place, text })
  }

  #error(reason: string, text: string): void {
    this.#problems.add('error', this.#place, reason, text)
  }

  #lenient(reason: string, text: string): void {
    this.#problems.add('lenient', this.#place, reason, text)
  }
}

const quoted = (text: string): string =>
  text.length > 80 ? JSON.stringify(`${text.slice(0, 77)}...`) : JSON.stringify(text)
