/**
 * What may come in as configuration: files of keepalived, text that should be JSON, values from the
 * network. Trial N of a seed is always the same, whatever trials there were before it.
 */

import { documents, keepalivedFiles, keywords, oddValues } from './config-samples.ts'
import { Random } from './random.ts'

export type Trial =
  | { readonly kind: 'keepalived'; readonly text: string }
  | { readonly kind: 'text'; readonly text: string }
  /** `before` is good, and was there when `value` came. */
  | { readonly kind: 'value'; readonly value: unknown; readonly before: unknown }

export function trial(seed: number, index: number): Trial {
  const random = new Random(seed ^ Math.imul(index, 0x9e3779b1))
  switch (random.below(3)) {
    case 0:
      return { kind: 'keepalived', text: oddFile(random) }
    case 1: {
      const written = JSON.stringify(oddDocument(random, random.below(3)), null, random.below(3))
      return { kind: 'text', text: oddText(random, written, jsonPieces) }
    }
    default: {
      const before = random.oneOf(documents)
      return { kind: 'value', value: changed(random, before, 1 + random.below(3)), before }
    }
  }
}

export const oddDocument = (random: Random, changes: number): unknown =>
  changed(random, random.oneOf(documents), changes)

function changed(random: Random, value: unknown, times: number): unknown {
  let made = structuredClone(value)
  for (let left = times; left > 0; left--) made = changedOnce(random, made)
  return made
}

type Parent = Record<string, unknown> | unknown[]

/** One place of it has another value, is gone, is there twice, or has another name. */
function changedOnce(random: Random, value: unknown): unknown {
  const places: (readonly [Parent, string])[] = []
  collect(value, places)
  if (places.length === 0) return random.oneOf(oddValues)
  const [parent, key] = random.oneOf(places)
  const table = parent as Record<string, unknown>
  const [, other] = random.oneOf(places)
  switch (random.below(6)) {
    case 0:
      if (Array.isArray(parent)) parent.splice(Number(key), 1)
      else delete table[key]
      break
    case 1:
      if (Array.isArray(parent)) parent.push(parent[Number(key)])
      else put(table, `${key}${random.oneOf(['2', '', ' ', '.', 'x'])}`, table[key])
      break
    case 2:
      put(table, Array.isArray(parent) ? key : other, table[key])
      break
    case 3: {
      const [elsewhere, there] = random.oneOf(places)
      table[key] = structuredClone((elsewhere as Record<string, unknown>)[there])
      break
    }
    case 4: {
      const text = table[key]
      table[key] = typeof text === 'string' ? oddText(random, text, textPieces) : random.below(300)
      break
    }
    default:
      // A later change goes into it.
      put(table, key, structuredClone(random.oneOf(oddValues)))
  }
  return value
}

/** As JSON.parse does: `__proto__` is a key like others. */
function put(table: Record<string, unknown>, key: string, value: unknown): void {
  Object.defineProperty(table, key, { value, enumerable: true, writable: true, configurable: true })
}

function collect(value: unknown, places: (readonly [Parent, string])[]): void {
  if (typeof value !== 'object' || value === null) return
  for (const key of Object.keys(value)) {
    places.push([value as Parent, key])
    collect((value as Record<string, unknown>)[key], places)
  }
}

const textPieces = ['', '0', '9', '.', ':', '/', '-', ' ', 'a', 'ms', '\n', '\u0000', 'ä', '%']
const jsonPieces = [
  '"',
  ',',
  '{',
  '}',
  '[',
  ']',
  ':',
  '\\',
  '\\u00',
  'e9',
  '0',
  '-',
  '//',
  '\n',
  ' ',
]
// biome-ignore lint/suspicious/noTemplateCurlyInString: keepalived writes names so
const names = ['${', '${VIP}', '$A', '$A=']
const filePieces = [
  ...names,
  ...['\n', ' ', '\t', '{', '}', '"', "'", '\\', ' \\\n', '#', '!', '@', '@one ', '@^one ', '$'],
  ...['~SEQ(n,1,9) ', '~LST(a,x,y) ', 'include x\n', '-1 ', '0', '%'],
  ...['99999999999 ', '1.5 ', 'on ', 'off ', 'eth0 ', '192.0.2.9 ', '::1 ', '224.0.0.18 ', 'ä'],
]

function oddFile(random: Random): string {
  let text = random.oneOf(keepalivedFiles)
  if (random.chance(30)) text += random.oneOf(keepalivedFiles)
  // Words where they do not belong, lines that are gone or come twice.
  const lines = text.split('\n')
  for (let left = random.below(6); left > 0; left--) {
    const at = random.below(lines.length)
    const words = (lines[at] ?? '').split(' ')
    switch (random.below(4)) {
      case 0:
        lines.splice(at, 1)
        break
      case 1:
        lines.splice(at, 0, random.oneOf(lines))
        break
      case 2:
        words[random.below(words.length)] = random.oneOf(keywords)
        lines[at] = words.join(' ')
        break
      default:
        lines.splice(at, 0, `${random.oneOf(keywords)} ${random.oneOf(filePieces)}`)
    }
  }
  return oddText(random, lines.join('\n'), filePieces)
}

function oddText(random: Random, original: string, pieces: readonly string[]): string {
  if (random.chance(3)) {
    return Array.from({ length: random.below(60) }, () => random.oneOf(pieces)).join('')
  }
  let text = original
  for (let left = random.below(4); left > 0; left--) {
    const at = random.below(text.length + 1)
    const gone = random.chance(50) ? random.below(4) : 0
    const put = random.chance(80) ? random.oneOf(pieces) : text.slice(at, at + random.below(200))
    text = text.slice(0, at) + put + text.slice(at + gone)
  }
  return random.chance(2) ? text.slice(0, random.below(text.length + 1)) : text
}
