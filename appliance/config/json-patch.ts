/**
 * RFC 6902, as much of it as `PatchStep` has. What is not on the way to a change stays the same
 * object.
 */

import type { PatchStep } from '../api/configuration.ts'
import { oddPlace } from './odd-places.ts'
import { isSame } from './same.ts'

export type Patched =
  | { readonly kind: 'value'; readonly value: unknown }
  | { readonly kind: 'refused'; readonly why: string }

export function patched(value: unknown, steps: readonly PatchStep[]): Patched {
  let whole = value
  for (const [index, step] of steps.entries()) {
    try {
      whole = changed(whole, pointer(step.path), step)
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      const which = steps.length === 1 ? '' : ` (step ${index + 1} of ${steps.length})`
      return { kind: 'refused', why: `${step.op} ${step.path || '""'}${which}: ${error.message}` }
    }
  }
  return { kind: 'value', value: whole }
}

class Refusal extends Error {}

/** RFC 6901. */
function pointer(path: string): readonly string[] {
  if (path === '') return []
  if (!path.startsWith('/')) throw new Refusal('a path begins with a slash')
  return path
    .slice(1)
    .split('/')
    .map(part => part.replaceAll('~1', '/').replaceAll('~0', '~'))
}

function changed(value: unknown, [key, ...rest]: readonly string[], step: PatchStep): unknown {
  if (key === undefined) return replaced(value, step)
  if (Array.isArray(value)) return inList(value, key, rest, step)
  if (!isTable(value)) throw new Refusal(`there is no "${key}": what should have it is no object`)
  const has = Object.hasOwn(value, key)
  if (!has && (rest.length > 0 || step.op !== 'add')) throw new Refusal(`there is no "${key}"`)
  if (rest.length > 0 || step.op !== 'remove') {
    const inner = has ? value[key] : undefined
    const part = rest.length === 0 && !has ? replaced(inner, step) : changed(inner, rest, step)
    return part === inner && has ? value : withEntry(value, key, part)
  }
  return Object.fromEntries(Object.entries(value).filter(([each]) => each !== key))
}

function inList(
  list: readonly unknown[],
  key: string,
  rest: readonly string[],
  step: PatchStep,
): unknown {
  const isAdded = step.op === 'add' && rest.length === 0
  const last = isAdded ? list.length : list.length - 1
  const index = isAdded && key === '-' ? list.length : Number(key)
  if (index !== list.length && !/^(0|[1-9]\d*)$/.test(key)) {
    throw new Refusal(`"${key}" is no place of a list`)
  }
  if (index > last) throw new Refusal(`the list has ${list.length} entries`)
  if (isAdded) return list.toSpliced(index, 0, step.value)
  if (rest.length === 0 && step.op === 'remove') return list.toSpliced(index, 1)
  const part = changed(list[index], rest, step)
  return part === list[index] ? list : list.with(index, part)
}

function replaced(value: unknown, step: PatchStep): unknown {
  switch (step.op) {
    case 'add':
    case 'replace':
      return step.value
    case 'test': {
      // Both may be deeper than the stack: a step before this one has put it there.
      const odd = oddPlace(step.value)
      if (odd !== null) throw new Refusal(`expected ${odd.expected}`)
      if (isSame(value, step.value)) return value
      throw new Refusal('something else is there')
    }
    case 'remove':
      throw new Refusal('the whole document cannot be removed')
  }
}

/** In its place; `__proto__` is a key like others. */
const withEntry = (table: Table, key: string, part: unknown): Table =>
  Object.hasOwn(table, key)
    ? Object.fromEntries(
        Object.entries(table).map(([each, value]) => [each, each === key ? part : value]),
      )
    : Object.fromEntries([...Object.entries(table), [key, part]])

type Table = Readonly<Record<string, unknown>>

const isTable = (value: unknown): value is Table => typeof value === 'object' && value !== null
