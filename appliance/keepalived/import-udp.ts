/** UDP_CHECK: what is sent and what comes back are digits, where `x` is any digit. */

import type { CheckTarget } from './import-check.ts'
import type { Json, Table } from './import-site.ts'
import { whole, wordOf } from './import-words.ts'

/** "Ab12f 3" is AB 12 0F 03: a lone digit is a byte of its own. */
const bytes = (words: readonly string[]): readonly string[] =>
  words.flatMap(word => [...word.matchAll(/..?/g)].map(([pair]) => pair.padStart(2, '0')))

export const udpTable: Table<CheckTarget> = {
  payload: (entry, { site, json }) => {
    const hex = bytes(entry.words).join('').toLowerCase()
    if (/^([\da-f]{2})+$/.test(hex)) json.send = { hex }
    else site.notes.unsupported(entry, `"${entry.words.join(' ')}" are no hexadecimal digits`)
    return undefined
  },
  require_reply: (entry, { site, reply }) => {
    reply.required = true
    const wanted = bytes(entry.words)
    if (!wanted.every(byte => /^[\da-fx]{2}$/i.test(byte))) {
      site.notes.unsupported(entry, 'expected hexadecimal digits, and x: any answer is good here')
      return undefined
    }
    if (wanted.length === 0) return undefined
    reply.pattern = wanted.map(bytePattern).join('')
    site.notes.translated(entry, `as the regular expression ^${reply.pattern}`)
    return undefined
  },
  min_reply_length: (entry, { site, reply }) => {
    reply.least = whole(site, entry, wordOf(entry), 0, 65_535) ?? 0
    return undefined
  },
  max_reply_length: (entry, { site, reply }) => {
    reply.most = whole(site, entry, wordOf(entry), 0, 65_535) ?? 255
    return undefined
  },
}

function bytePattern(byte: string): string {
  const [high = '', low = ''] = byte.toLowerCase()
  if (high === 'x' && low === 'x') return '[\\s\\S]'
  if (low === 'x') return `[\\x${high}0-\\x${high}f]`
  if (high !== 'x') return `\\x${byte.toLowerCase()}`
  const digits = [...'0123456789abcdef']
  return `[${digits.map(digit => `\\x${digit}${low}`).join('')}]`
}

/** Bytes are characters to the pattern; its ^ and $ are at lines, so lookarounds mark the ends. */
export function replyPattern({ pattern, required, least, most }: CheckTarget['reply']): Json {
  if (required === undefined) return {}
  const length = `(?=[\\s\\S]{${least ?? 0},${most ?? 255}}(?![\\s\\S]))`
  return { expect: `(?<![\\s\\S])${length}${pattern ?? ''}` }
}
