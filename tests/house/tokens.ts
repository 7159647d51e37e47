/**
 * TypeScript cut into words, strings and signs, without comments. It knows just enough to never
 * take the inside of a string, a comment or a regular expression for code. What stands between
 * the tags of JSX comes out as words; a stray quote in it ends with its line.
 */

export type Token = {
  readonly kind: 'word' | 'string' | 'template' | 'regex' | 'sign'
  /** A string comes without its quotes. */
  readonly text: string
  readonly line: number
}

const blank = /\s+|\/\/[^\n]*|\/\*[\s\S]*?\*\//y
const word = /[\p{ID_Start}$_#][\p{ID_Continue}$]*|\d[\w.]*/uy
const quoted = /'(?:\\[\s\S]|[^'\\\n])*'?|"(?:\\[\s\S]|[^"\\\n])*"?/y
const regex = /\/(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\[\n])+\/[a-z]*/y
/** A template up to its end or its next `${`. */
const templatePart = /(?:\\[\s\S]|\$(?!\{)|[^`\\$])*(?:`|\$\{)?/y

/** After these words an expression begins, so a slash opens a regular expression. */
const beforeExpression = new Set(['return', 'typeof', 'case', 'in', 'of', 'await', 'yield', 'void'])

export function tokens(text: string): readonly Token[] {
  const found: Token[] = []
  /** For each open template the number of braces open inside of its `${`. */
  const templates: number[] = []
  let at = 0
  let line = 1

  const take = (pattern: RegExp): string | null => {
    pattern.lastIndex = at
    const match = pattern.exec(text)?.[0]
    if (match === undefined || match === '') return null
    at += match.length
    return match
  }
  const add = (kind: Token['kind'], piece: string, content = piece): void => {
    found.push({ kind, text: content, line })
    line += newlines(piece)
  }
  const template = (): void => {
    const piece = take(templatePart) ?? ''
    add('template', piece, piece.replace(/(`|\$\{)$/, ''))
    if (piece.endsWith('${')) templates.push(0)
  }

  while (at < text.length) {
    const skipped = take(blank)
    if (skipped !== null) {
      line += newlines(skipped)
      continue
    }
    const name = take(word)
    if (name !== null) {
      add('word', name)
      continue
    }
    const string = take(quoted)
    if (string !== null) {
      add('string', string, string.slice(1, string.endsWith(string.slice(0, 1)) ? -1 : undefined))
      continue
    }
    const pattern = text[at] === '/' && expressionMayBegin(found.at(-1)) ? take(regex) : null
    if (pattern !== null) {
      add('regex', pattern)
      continue
    }
    const sign = text.slice(at, at + 1)
    at += 1
    const depth = templates.at(-1)
    if (sign === '`') {
      template()
    } else if (sign === '}' && depth === 0) {
      templates.pop()
      template()
    } else {
      if (depth !== undefined && sign === '{') templates[templates.length - 1] = depth + 1
      if (depth !== undefined && sign === '}') templates[templates.length - 1] = depth - 1
      add('sign', sign)
    }
  }
  return found
}

const newlines = (piece: string): number => piece.split('\n').length - 1

function expressionMayBegin(last: Token | undefined): boolean {
  if (last === undefined) return true
  if (last.kind === 'word') return beforeExpression.has(last.text)
  return last.kind === 'sign' && !')]}'.includes(last.text)
}
