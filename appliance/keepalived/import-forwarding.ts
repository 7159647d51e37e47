import type { Json, Site } from './import-site.ts'
import type { Entry } from './tree.ts'

/** `NAT`, `DR`, `TUN [type ipip|gre|gue port N] [nocsum|csum|remcsum]`. Null: it is none. */
export function forwarding({ notes }: Site, entry: Entry): string | Json | null {
  const [method = '', ...words] = entry.words
  const plain: Readonly<Record<string, string>> = { NAT: 'nat', DR: 'direct', TUN: 'tunnel' }
  const found = plain[method.toUpperCase()]
  if (found === undefined) {
    notes.unsupported(entry, `expected NAT, DR or TUN, not "${method}": NAT stays`)
    return null
  }
  if (found !== 'tunnel' || words.length === 0) return found
  const json: Json = { tunnel: 'ipip' }
  const checksums: Readonly<Record<string, string>> = {
    nocsum: 'none',
    csum: 'full',
    remcsum: 'remote',
  }
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] ?? ''
    const checksum = checksums[word]
    if (checksum !== undefined) json.checksum = checksum
    else if (word === 'port') json.port = Number(words[++at])
    else if (word === 'type') json.tunnel = words[++at]
    else notes.unsupported(entry, `"${word}" is nothing that a tunnel has: it is left out`)
  }
  return json
}

export const methodOf = (written: string | Json): string =>
  typeof written === 'string' ? written : 'tunnel'
