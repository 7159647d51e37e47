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
  if (same !== undefined) return `keepalived's ${word} is ${same[0]} here`
  const near = nearest(
    word,
    keys.map(([name]) => name),
  )
  if (near !== null) return `did you mean ${near}?`
  const needed = entryOf(needless, word)
  if (needed !== undefined) return needed
  const below = objects.map(node => keepalivedPath(word, node, '')).find(found => found !== null)
  const elsewhere = below ?? keepalivedPath(word, description(), '')
  return elsewhere === null ? null : `keepalived's ${word} is ${elsewhere} here`
}

/** The first key below an object that keepalived calls so. */
function keepalivedPath(word: string, node: Described, prefix: string): string | null {
  for (const [key, child] of Object.entries(node.properties ?? {})) {
    const path = prefix === '' ? key : `${prefix}.${key}`
    if (child.keepalived?.includes(word)) return path
    for (const each of alternatives(child)) {
      const entries = each.additionalProperties || each.items
      const inside = entries ? alternatives(entries) : [each]
      const step = each.items ? `${path}[]` : each.additionalProperties ? `${path}.NAME` : path
      for (const object of inside) {
        const found = keepalivedPath(word, object, step)
        if (found !== null) return found
      }
    }
  }
  return null
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
