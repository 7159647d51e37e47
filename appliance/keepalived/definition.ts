/**
 * `$NAME=VALUE`, and `${NAME}` or `$NAME` where it is used. Values are filled in when a line is
 * read, not when they are defined, so that a definition of several lines is a template:
 *
 *     $SERVER= \
 *         real_server 10.0.0.${N} 80 { \
 *         }
 *     $N=1
 *     $SERVER
 */

/** The lines of a value: more than one where it was defined with backslashes. */
export type Value = readonly string[]

const definition = /^\$([A-Za-z_][A-Za-z0-9_]*)=[ \t]*(.*)$/s

export type Definition = { readonly name: string; readonly value: Value }

/** `lines`: one, and the ones that continued it. Null: it is something else. */
export function definitionOf(lines: readonly string[]): Definition | null {
  const match = definition.exec(lines[0] ?? '')
  if (match === null) return null
  const [, name = '', first = ''] = match
  return { name, value: [first, ...lines.slice(1)].filter(line => line !== '') }
}

/** Keepalived takes `$NAME = VALUE` for a keyword. */
export const spacedDefinition = (text: string): string | null =>
  /^\$([A-Za-z_][A-Za-z0-9_]*)[ \t]+=/.exec(text)?.[1] ?? null

/** What a name stands for; `words` are those behind it in `${_ENV HOME}`. */
export type Find = (name: string, words: string) => Value | null

export type Filled = {
  readonly text: string
  /** Lines that follow from a value of several lines. */
  readonly later: readonly string[]
  readonly changed: boolean
}

/** Without braces a name ends before a space, a comma, a bracket or the end of the line. */
const reference = /\$(?:\{([A-Za-z_]\w*)( [^{}$]*)?\}|([A-Za-z_]\w*)(?=[ \t,)]|$))/y

/** Told how long a line became and how many lines a value put there; it may throw. */
export type Spend = (length: number, lines: number) => void

/** Values may hold further names. */
export function fill(text: string, find: Find, spend: Spend): Filled {
  let changed = false
  let later: readonly string[] = []
  let filled = text
  let at = filled.indexOf('$')
  while (at >= 0) {
    reference.lastIndex = at
    const match = reference.exec(filled)
    const value = match === null ? null : find(match[1] ?? match[3] ?? '', (match[2] ?? '').trim())
    const end = at + (match?.[0].length ?? 1)
    // Lines can follow only where the line ends.
    if (value === null || (value.length > 1 && end < filled.length)) {
      at = filled.indexOf('$', at + 1)
      continue
    }
    const first = value[0] ?? ''
    filled = filled.slice(0, at) + first + filled.slice(end)
    if (value.length > 1) later = [...value.slice(1), ...later]
    changed = true
    spend(filled.length, Math.max(1, value.length))
    // A sequence sets its own names: they are filled in once for each round.
    if (first.startsWith('~')) break
    at = filled.indexOf('$', at)
  }
  return { text: filled, later, changed }
}

export type Unfilled = {
  readonly written: string
  readonly name: string
  readonly inQuotes: boolean
}

const remaining = /"|\$(?:\{([A-Za-z_]\w*)(?: [^{}]*)?\}|([A-Za-z_]\w*))/g

/** What looks like a reference in a line that is filled in already, each once. */
export function unfilled(text: string): readonly Unfilled[] {
  if (!text.includes('$')) return []
  const found = new Map<string, Unfilled>()
  let inQuotes = false
  for (const match of text.matchAll(remaining)) {
    const written = match[0]
    if (written === '"') inQuotes = !inQuotes
    else if (!found.has(written)) {
      found.set(written, { written, name: match[1] ?? match[2] ?? '', inQuotes })
    }
  }
  return [...found.values()]
}
