/** `virtual_ipaddress` and `virtual_ipaddress_excluded`: one line, one address. */

import { familyOf } from '../values/ip-address.ts'
import { parsePrefix, prefixText } from '../values/prefix.ts'
import type { RouterTarget } from './import-router.ts'
import type { Handler, Json } from './import-site.ts'
import type { Entry } from './tree.ts'

const scopes: Readonly<Record<string, string>> = { '0': 'global', '253': 'link', '254': 'host' }

/** What each of them takes with it, and why it is not here. */
const needless: Readonly<Record<string, string>> = {
  brd: 'the broadcast address',
  peer: 'the address of the other end',
  preferred_lft: 'the lifetime',
  track_group: 'the track group',
}

const flags = ['home', '-nodad', 'mngtmpaddr', 'noprefixroute', 'autojoin', 'no_track', 'use_vmac']

export const addressList =
  (advertised: boolean): Handler<RouterTarget> =>
  (entry, to) => {
    for (const line of entry.block ?? []) addressLine(line, to, advertised)
    return `${to.path}.virtualAddresses`
  }

function addressLine(line: Entry, to: RouterTarget, advertised: boolean): void {
  const { site, path, addresses, known } = to
  const { notes } = site
  const prefix = parsePrefix(line.keyword)
  if (prefix === null) {
    notes.unsupported(line, `"${line.keyword}" is no address, with or without "/24" behind it`)
    return
  }
  const address = prefixText(prefix)
  if (known.has(prefix.address)) {
    notes.ignored(line, `${prefix.address} is in the list already`)
    return
  }
  const json: Json = { address }
  if (!advertised) json.advertised = false
  const at = `${path}.virtualAddresses[${addresses.length}]`
  for (let index = 0; index < line.words.length; index += 1) {
    const word = line.words[index] ?? ''
    const next = line.words[index + 1] ?? ''
    const left = needless[word]
    if (left !== undefined) {
      index += 1
      notes.translated(line, `${left} "${next}" is left out`, at)
    } else if (word === 'dev' && next === '') {
      notes.unsupported(line, 'expected the name of an interface behind "dev": it is left out')
    } else if (word === 'dev') json.interface = next
    else if (word === 'label') json.label = next
    else if (word === 'scope') json.scope = scopes[next] ?? next
    else if (flags.includes(word)) notes.translated(line, `"${word}" is left out`, at)
    else notes.translated(line, `"${word}" is nothing that we know: it is left out`, at)
    if (['dev', 'label', 'scope'].includes(word)) index += 1
  }
  if (json.scope !== undefined && !['global', 'link', 'host'].includes(String(json.scope))) {
    notes.translated(line, `the scope "${json.scope}" is left out`, at)
    delete json.scope
  }
  known.add(prefix.address)
  addresses.push({ json, line, family: familyOf(prefix.address) })
  site.held.add(prefix.address)
  if (!notes.has(line)) notes.applied(line, at)
}
