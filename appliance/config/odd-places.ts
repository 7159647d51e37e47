import { deepest } from './good-json.ts'
import type { Path } from './path.ts'

export type OddPlace = { readonly path: Path; readonly expected: string }

/**
 * What the schema does not see in a value that JSON.parse has made: it passes over a key
 * `__proto__`, and whoever walks through values ends with the stack. Null: there is none.
 */
export function oddPlace(value: unknown, depth = 0): OddPlace | null {
  if (typeof value !== 'object' || value === null) return null
  if (depth >= deepest) return { path: [], expected: `at most ${deepest} levels` }
  if (Array.isArray(value)) {
    for (const [index, entry] of value.entries()) {
      const found = oddPlace(entry, depth + 1)
      if (found !== null) return inside(index, found)
    }
    return null
  }
  for (const key in value) {
    if (key === '__proto__') return { path: [key], expected: 'another key' }
    const found = oddPlace((value as Record<string, unknown>)[key], depth + 1)
    if (found !== null) return inside(key, found)
  }
  return null
}

const inside = (step: string | number, { path, expected }: OddPlace): OddPlace => ({
  path: [step, ...path],
  expected,
})
