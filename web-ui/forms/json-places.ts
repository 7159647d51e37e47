import type { Path } from './path.ts'

/** A value in a text of JSON, from its key on. */
export type JsonPlace = { readonly path: Path; readonly from: number; readonly to: number }

type Walk = {
  /** Called when a value ends; the path is good until the call returns. */
  readonly visit: (path: Path, from: number, to: number) => void
}

const literal = /"(?:[^"\\\n]|\\.)*"|-?\d[\d.eE+-]*|true|false|null/y
const space = /[ \t\r\n]*/y

/**
 * Goes through a text in which somebody types: what stands before a mistake is found all the same.
 * Null, or where the mistake is.
 */
export function walkJson(text: string, { visit }: Walk): number | null {
  const path: (string | number)[] = []
  let at = 0

  const skip = (): void => {
    space.lastIndex = at
    space.exec(text)
    at = space.lastIndex
  }
  const take = (sign: string): boolean => {
    skip()
    if (text[at] !== sign) return false
    at += 1
    return true
  }
  const single = (): string | null => {
    skip()
    literal.lastIndex = at
    const found = literal.exec(text)?.[0] ?? null
    if (found !== null) at += found.length
    return found
  }
  const items = (end: string, item: (index: number) => boolean): boolean => {
    if (take(end)) return true
    for (let index = 0; item(index); index += 1) {
      if (take(end)) return true
      if (!take(',')) return false
    }
    return false
  }
  const inside = (step: string | number, from: number): boolean => {
    path.push(step)
    const isWhole = value(from)
    path.pop()
    return isWhole
  }
  const entry = (): boolean => {
    skip()
    const from = at
    const key = text[at] === '"' ? single() : null
    return key !== null && take(':') && inside(textOf(key), from)
  }
  const value = (from: number): boolean => {
    const isWhole = take('{')
      ? items('}', entry)
      : take('[')
        ? items(']', index => {
            skip()
            return inside(index, at)
          })
        : single() !== null
    visit(path, from, at)
    return isWhole
  }
  skip()
  if (!value(at)) return at
  skip()
  return at === text.length ? null : at
}

function textOf(quoted: string): string {
  try {
    return String(JSON.parse(quoted))
  } catch {
    return quoted.slice(1, -1)
  }
}

/** The innermost value around that character. */
export function pathAt(text: string, cursor: number): Path {
  let found: Path | null = null
  walkJson(text, {
    visit: (path, from, to) => {
      if (found === null && from <= cursor && cursor <= to) found = [...path]
    },
  })
  return found ?? []
}

/** Where the value at a path begins, or what is around it when there is none. */
export function offsetOf(text: string, path: Path): number {
  let best = -1
  let offset = 0
  walkJson(text, {
    visit: (at, from) => {
      if (at.length <= best || at.length > path.length) return
      if (at.some((step, index) => step !== path[index])) return
      best = at.length
      offset = from
    },
  })
  return offset
}

/** From 1. */
export const lineOf = (text: string, offset: number): number =>
  text.slice(0, offset).split('\n').length
