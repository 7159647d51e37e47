/** `virtual_routes` and `virtual_rules`: the words of `ip route` and `ip rule`. */

import { familyOf, parseIpAddress } from '../values/ip-address.ts'
import { parsePrefix, prefixText } from '../values/prefix.ts'
import type { RouterTarget } from './import-router.ts'
import type { Handler, Json } from './import-site.ts'
import type { Entry } from './tree.ts'

const tables: Readonly<Record<string, number>> = { local: 255, main: 254, default: 253 }

const number = (text: string): number | null =>
  /^\d{1,10}$/.test(text) ? Number(text) : /^0x[\da-f]{1,8}$/i.test(text) ? Number(text) : null

const table = (text: string): number | null => tables[text] ?? number(text)

const network = (text: string): string | null => {
  const prefix = parsePrefix(text)
  return prefix === null ? null : prefixText(prefix)
}

type Word = readonly [key: string, read: (text: string) => unknown]

const routeWords: Readonly<Record<string, Word>> = {
  via: ['gateway', parseIpAddress],
  gw: ['gateway', parseIpAddress],
  dev: ['interface', text => text || null],
  oif: ['interface', text => text || null],
  src: ['source', parseIpAddress],
  table: ['table', table],
  metric: ['metric', number],
  priority: ['metric', number],
  preference: ['metric', number],
}

const ruleWords: Readonly<Record<string, Word>> = {
  from: ['from', text => (text === 'all' ? undefined : network(text))],
  to: ['to', text => (text === 'all' ? undefined : network(text))],
  fwmark: ['mark', number],
  table: ['table', table],
  lookup: ['table', table],
  preference: ['preference', number],
  priority: ['preference', number],
  order: ['preference', number],
  pref: ['preference', number],
}

/** Null: it is said why not. */
function read(
  line: Entry,
  words: readonly string[],
  known: Readonly<Record<string, Word>>,
  { site: { notes } }: RouterTarget,
): Json | null {
  const json: Json = {}
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] ?? ''
    if (/^(via|src|to|from)$/.test(word) && /^inet6?$/.test(words[at + 1] ?? '')) at += 1
    const row = known[word]
    if (row === undefined) {
      notes.unsupported(
        line,
        `"${word}" is not possible here, and without it the line would mean another: left out`,
      )
      return null
    }
    at += 1
    const value = row[1](words[at] ?? '')
    if (value === null) {
      notes.unsupported(line, `"${words[at] ?? ''}" cannot be the ${row[0]}`)
      return null
    }
    if (value !== undefined) json[row[0]] = value
  }
  return json
}

const routeLine = (line: Entry, to: RouterTarget): void => {
  let words = [line.keyword, ...line.words].filter(word => !/^(add|append|unicast)$/.test(word))
  let source: string | undefined
  if (words[0] === 'src') {
    source = words[1]
    words = words.slice(2)
  }
  if (words[0] === 'to') words = words.slice(1)
  const [destination = '', ...others] = words
  const found = destination === 'default' ? 'default' : network(destination)
  if (found === null) {
    const text = `routes lead to a network or to "default" here, not to "${destination}"`
    to.site.notes.unsupported(line, text)
    return
  }
  const json = read(
    line,
    source === undefined ? others : [...others, 'src', source],
    routeWords,
    to,
  )
  if (json === null) return
  const at = `${to.path}.virtualRoutes[${to.routes.length}]`
  const everywhere =
    typeof json.source === 'string' && familyOf(json.source as never) === 'inet6'
      ? '::/0'
      : '0.0.0.0/0'
  to.routes.push({
    destination: found === 'default' && json.gateway === undefined ? everywhere : found,
    ...json,
  })
  to.site.notes.applied(line, at)
}

const ruleLine = (line: Entry, to: RouterTarget): void => {
  const json = read(line, [line.keyword, ...line.words], ruleWords, to)
  if (json === null) return
  const at = `${to.path}.virtualRules[${to.rules.length}]`
  if (json.table === undefined) {
    to.site.notes.unsupported(line, 'a rule needs a table here: write "table 100"')
    return
  }
  if (json.preference === undefined) {
    json.preference = 16_384 + to.rules.length
    const text = `without a preference the kernel would choose one: here it is ${json.preference}`
    to.site.notes.translated(line, text, at)
  } else to.site.notes.applied(line, at)
  to.rules.push(json)
}

export const routeList: Handler<RouterTarget> = (entry, to) => {
  for (const line of entry.block ?? []) routeLine(line, to)
  return `${to.path}.virtualRoutes`
}

export const ruleList: Handler<RouterTarget> = (entry, to) => {
  for (const line of entry.block ?? []) ruleLine(line, to)
  return `${to.path}.virtualRules`
}
