import { alternatives, type Described, description, objectsAt } from './description.ts'
import { entryOf } from './entry.ts'
import { nearest } from './near.ts'
import type { Path } from './path.ts'

/** Words of keepalived.conf that mean nothing here. */
const needless: Readonly<Record<string, string>> = {
  state: 'leave it out: the box with the highest priority becomes master',
  router_id: 'leave it out: a box goes by its host name',
  ha_suspend: 'leave it out: both boxes check at all times, so that a takeover finds them ready',
  vrrp_strict: 'leave it out: what contradicts the RFCs is refused or described at its key',
}

/** For a key that does not exist: the one that was meant, also by keepalived's name for it. */
export function keyHint(path: Path, whole: unknown): string | null {
  const word = String(path.at(-1))
  const objects = objectsAt(path.slice(0, -1), whole)
  const keys = objects.flatMap(({ properties }) => Object.entries(properties ?? {}))
  const same = keys.find(([, node]) => node.keepalived?.includes(word))
  if (same !== undefined) return `keepalived's ${word} is ${spelled(...same)} here`
  const near = nearest(
    word,
    keys.map(([name]) => name),
  )
  if (near !== null) return `did you mean ${near}?`
  const needed = entryOf(needless, word)
  if (needed !== undefined) return needed
  const below = objects.map(node => keepalivedKey(word, node)).find(found => found !== null)
  const elsewhere = below ?? keepalivedKey(word, description())
  if (elsewhere === null) return null
  const { within, key, node } = elsewhere
  const place = within === '' ? key : `${within}.${key}`
  const text = node.const === undefined ? place : `${spelled(key, node)} in ${within}`
  return `keepalived's ${word} is ${text} here`
}

/** Of a key that can have but one value, such as `kind`, the value says it. */
const spelled = (key: string, node: Described): string =>
  node.const === undefined ? key : `"${key}": ${JSON.stringify(node.const)}`

type Named = { readonly within: string; readonly key: string; readonly node: Described }

const indexes = new WeakMap<Described, ReadonlyMap<string, Named>>()

/** The first key below an object that keepalived calls so. */
function keepalivedKey(word: string, object: Described): Named | null {
  const index = indexes.get(object) ?? new Map(keepalivedKeys(object, '').reverse())
  indexes.set(object, index)
  return index.get(word) ?? null
}

function keepalivedKeys(object: Described, within: string): (readonly [string, Named])[] {
  return Object.entries(object.properties ?? {}).flatMap(([key, node]) => {
    const path = within === '' ? key : `${within}.${key}`
    const own = (node.keepalived ?? []).map(word => [word, { within, key, node }] as const)
    const below = alternatives(node).flatMap(each => {
      const entries = each.additionalProperties || each.items
      const inside = entries ? alternatives(entries) : [each]
      const step = each.items ? `${path}[]` : each.additionalProperties ? `${path}.NAME` : path
      return inside.flatMap(inner => keepalivedKeys(inner, step))
    })
    return [...own, ...below]
  })
}

/** For a value of the wrong kind: how it is written. */
export function valueHint(value: unknown, expected: string): string | null {
  if (typeof value === 'number' && /^a time/.test(expected)) {
    return `times have a unit, such as "${value}s"`
  }
  if (typeof value !== 'string') return null
  if (/^a whole number/.test(expected) && /^-?\d+$/.test(value)) return `without quotes: ${value}`
  if (expected === 'true or false') {
    if (/^(true|yes|on)$/i.test(value)) return 'without quotes: true'
    return /^(false|no|off)$/i.test(value) ? 'without quotes: false' : null
  }
  if (/^an endpoint such as/.test(expected)) return endpointHint(value)
  if (/^"nat" or/.test(expected) && Object.hasOwn(forwardings, value)) {
    return `keepalived's ${value} is "${forwardings[value]}" here`
  }
  if (/^a list: the absolute path/.test(expected)) {
    return `one word each: ${JSON.stringify(value.split(/\s+/).filter(Boolean))}`
  }
  const choices = [...expected.matchAll(/"([\w-]+)"(?= or |$)/g)].map(([, choice]) => choice ?? '')
  const kind = choices.length > 0 ? keepalivedKey(value, description())?.node.const : undefined
  if (typeof kind === 'string' && choices.includes(kind)) {
    return `keepalived's ${value} is ${JSON.stringify(kind)} here`
  }
  const near = nearest(value, choices)
  return near === null ? null : `did you mean ${JSON.stringify(near)}?`
}

const forwardings: Readonly<Record<string, string>> = { DR: 'direct', TUN: 'tunnel' }

/** For a port after a space, as keepalived has it, and for IPv6 without brackets. */
function endpointHint(text: string): string | null {
  const [, address, port] = /^(\S+)\s+(\d+)$/.exec(text.trim()) ?? []
  if (address?.includes(':')) return `write "[${address}]:${port}"`
  if (address !== undefined) return `write "${address}:${port}"`
  return /^[\da-fA-F]*:[\da-fA-F.:-]+$/.test(text) ? 'IPv6 addresses stand in brackets' : null
}
