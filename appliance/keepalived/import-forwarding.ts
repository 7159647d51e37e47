import type { Json, Site } from './import-site.ts'
import { whole } from './import-words.ts'
import type { Entry } from './tree.ts'

/** `NAT`, `DR`, `TUN [type ipip|gre|gue port N] [nocsum|csum|remcsum]`. Null: it is none. */
export function forwarding(site: Site, entry: Entry): string | Json | null {
  const { notes } = site
  const [method = '', ...words] = entry.words
  const plain: Readonly<Record<string, string>> = { NAT: 'nat', DR: 'direct', TUN: 'tunnel' }
  const found = plain[method]
  if (found === undefined) {
    notes.unsupported(
      entry,
      `expected NAT, DR or TUN, not "${method}": NAT stays, as with keepalived`,
    )
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
    else if (word === 'port') {
      at += 1
      const port = whole(site, entry, words[at] ?? '', 1, 65_535)
      if (port !== null) json.port = port
    } else if (word === 'type') {
      at += 1
      const type = words[at] ?? ''
      if (['ipip', 'gre', 'gue'].includes(type)) json.tunnel = type
      else notes.unsupported(entry, `expected ipip, gre or gue, not "${type}": ipip stays`)
    } else notes.unsupported(entry, `"${word}" is nothing that a tunnel has: it is left out`)
  }
  return json
}

export const methodOf = (written: string | Json): string =>
  typeof written === 'string' ? written : 'tunnel'
