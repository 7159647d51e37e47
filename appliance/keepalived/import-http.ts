/** HTTP_GET and SSL_GET: keepalived asks page after page, a check of ours all of them at once. */

import type { CheckTarget } from './import-check.ts'
import type { Json, Site, Table } from './import-site.ts'
import { readBlock } from './import-site.ts'
import { each, ignored, wordOf, yes } from './import-words.ts'
import type { Entry } from './tree.ts'

type Url = {
  readonly site: Site
  readonly json: Json
  host: string | null
  regex: { readonly entry: Entry; readonly text: string } | null
  readonly letters: Set<string>
  not: boolean
}

const optionLetters: Readonly<Record<string, string>> = { caseless: 'i', dotall: 's' }

/** They change nothing for us, or are our way already. */
const plainOptions = [
  ...['multiline', 'no_auto_capture', 'no_auto_possess', 'no_dotstar_anchor'],
  ...['no_start_optimize', 'ucp', 'utf', 'never_backslash_c', 'firstline'],
]

const url: Table<Url> = {
  path: (entry, { json }) => {
    json.path = wordOf(entry)
    return undefined
  },
  digest: (entry, { site, json }) => {
    if (/^[\da-f]{32}$/i.test(wordOf(entry))) json.digest = wordOf(entry)
    else site.notes.unsupported(entry, `"${wordOf(entry)}" are not 32 hexadecimal digits`)
    return undefined
  },
  status_code: (entry, { site, json }) => {
    const good = entry.words.filter(word => /^[1-5]\d\d(-[1-5]\d\d)?$/.test(word))
    const bad = entry.words.filter(word => !good.includes(word))
    if (bad.length > 0) {
      const text = `"${bad.join(' ')}" is no status such as 200 or 200-299: it is left out`
      site.notes.unsupported(entry, text)
    }
    if (good.length > 0) json.statuses = good.map(word => (word.length === 3 ? Number(word) : word))
    return undefined
  },
  virtualhost: (entry, to) => {
    to.host = wordOf(entry)
    return undefined
  },
  regex: (entry, to) => {
    to.regex = { entry, text: wordOf(entry) }
    return undefined
  },
  regex_no_match: (entry, to) => {
    to.not = yes(to.site, entry) ?? true
    return undefined
  },
  regex_options: (entry, { site, letters }) => {
    for (const word of entry.words) {
      const letter = optionLetters[word.toLowerCase()]
      if (letter !== undefined) letters.add(letter)
      else if (!plainOptions.includes(word.toLowerCase())) {
        site.notes.unsupported(entry, `the option "${word}" is left out: look at the expression`)
      }
    }
    return undefined
  },
  ...each(
    'regex_stack regex_min_offset regex_max_offset',
    ignored('the first 64 KiB of an answer are searched'),
  ),
  tls_compliant: ignored('TLS is always kept to the letter'),
}

export const httpTable: Table<CheckTarget> = {
  url: (entry, { site, urls }) => {
    const to: Url = { site, json: {}, host: null, regex: null, letters: new Set(), not: false }
    readBlock(entry.block ?? [], url, to)
    settleRegex(to)
    urls.push({ host: to.host, json: to.json })
    return undefined
  },
  http_protocol: (entry, { site, json }) => {
    const version = wordOf(entry).toUpperCase()
    if (version === '1.1') json.version = '1.1'
    else if (/^1\.0C?$/.test(version)) {
      json.version = '1.0'
      if (version === '1.0C') json.headers = { Connection: 'close' }
    } else
      site.notes.unsupported(entry, `expected 1.0, 1.0C or 1.1, not "${wordOf(entry)}": 1.0 stays`)
    return undefined
  },
  enable_sni: (entry, { site }) => {
    site.notes.translated(entry, 'the name of the host is always in the handshake')
    return undefined
  },
  sni_name: (entry, { json }) => {
    json.serverName = wordOf(entry)
    return undefined
  },
  fast_recovery: ignored('all pages are asked at once, one after the other'),
  tls_compliant: ignored('TLS is always kept to the letter'),
}

/** PCRE and ours are nearly the same; what ours cannot read is left out. */
function settleRegex({ site, json, regex, letters, not }: Url): void {
  if (regex === null) return
  const [, inline = '', rest = regex.text] = /^\(\?([ims]+)\)(.*)$/s.exec(regex.text) ?? []
  const flags = [...new Set([...letters, ...inline.replaceAll('m', '')])].sort().join('')
  const pattern = flags === '' ? rest : `(?${flags}:${rest})`
  try {
    json[not ? 'matchesNot' : 'matches'] = new RegExp(pattern) instanceof RegExp ? pattern : null
  } catch {
    const text = 'it is no regular expression of JavaScript, and is left out: write it anew'
    site.notes.unsupported(regex.entry, text)
  }
}

/** A check has one host: pages of several hosts are several checks, which all have to pass. */
export function httpChecks({ keyword, pace, urls }: CheckTarget, whole: Json): readonly Json[] {
  const { serverName, ...json } = whole
  const ofHost = new Map<string | null, Json[]>()
  for (const each of urls.length > 0 ? urls : [{ host: null, json: {} }]) {
    const host = each.host ?? pace.host ?? null
    ofHost.set(host, [...(ofHost.get(host) ?? []), each.json])
  }
  const tls = serverName === undefined ? true : { serverName }
  return [...ofHost].map(([host, requests]) => ({
    ...json,
    version: json.version ?? '1.0',
    ...(keyword === 'SSL_GET' && { tls }),
    ...(host !== null && { host }),
    ...(requests.length === 1 ? requests[0] : { requests }),
  }))
}
