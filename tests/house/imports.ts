import { posix } from 'node:path'
import { type Token, tokens } from './tokens.ts'
import type { SourceFile } from './tree.ts'

export type Import = {
  /** As written: `node:fs`, `express`, `../values/duration.ts`. */
  readonly from: string
  /** The path from the top of the tree, null for packages and for what Node brings. */
  readonly target: string | null
  /** `import type` and `export type`: gone before the program runs. */
  readonly typeOnly: boolean
  readonly line: number
}

/** All imports and re-exports of a file; a computed `import()` comes as `import(…)`. */
export function importsOf(file: SourceFile): readonly Import[] {
  const all = tokens(file.text)
  const found: Import[] = []
  all.forEach((token, index) => {
    if (token.kind !== 'word' || all[index - 1]?.text === '.') return
    const first = all[index + 1]
    const add = (from: string, typeOnly: boolean) =>
      found.push({ from, target: resolved(file.path, from), typeOnly, line: token.line })

    if (token.text === 'import' && first?.kind === 'string') add(first.text, false)
    else if (token.text === 'import' && first?.text === '(') {
      const argument = all[index + 2]
      add(argument?.kind === 'string' ? argument.text : 'import(…)', false)
    } else if (isClause(token, first)) {
      const source = sourceOf(all, index + 1)
      const second = all[index + 2]?.text ?? ''
      if (source) add(source, first?.text === 'type' && !['from', ','].includes(second))
    }
  })
  return found
}

const isClause = (token: Token, next: Token | undefined): boolean =>
  (token.text === 'import' && next?.text !== '.') ||
  (token.text === 'export' && ['{', '*', 'type'].includes(next?.text ?? ''))

/** The string after `from`, unless the statement turns out to be none that has one. */
function sourceOf(all: readonly Token[], start: number): string | null {
  for (let at = start; at < all.length; at += 1) {
    const token = all[at]
    if (token?.text === 'from' && all[at + 1]?.kind === 'string') return all[at + 1]?.text ?? null
    // Without a semicolon an `export { a }` ends where the next statement begins.
    const ends = token?.text === 'import' || token?.text === 'export'
    const partOfClause = token?.kind === 'word' || (token && '{},*'.includes(token.text))
    if (ends || !partOfClause) return null
  }
  return null
}

const resolved = (path: string, from: string): string | null =>
  from.startsWith('.') ? posix.join(posix.dirname(path), from) : null
