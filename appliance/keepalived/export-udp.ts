/** Back from what import-udp.ts makes of `require_reply`; null: it is another expression. */

const whole = /^\(\?<!\[\\s\\S\]\)\(\?=\[\\s\\S\]\{(\d+),(\d+)\}\(\?!\[\\s\\S\]\)\)(.*)$/

const oneByte =
  /\[\\s\\S\]|\\x([\da-f]{2})|\[\\x([\da-f])0-\\x\2f\]|\[\\x0([\da-f])(?:\\x[1-9a-f]\3){15}\]/y

export function replyLines(expect: string): readonly string[] | null {
  const [, least = '', most = '', pattern = ''] = whole.exec(expect) ?? []
  if (least === '') return null
  const digits: string[] = []
  oneByte.lastIndex = 0
  for (let at = 0; at < pattern.length; at = oneByte.lastIndex) {
    const found = oneByte.exec(pattern)
    if (found === null) return null
    const [, both, high, low] = found
    digits.push(both ?? (high !== undefined ? `${high}x` : low !== undefined ? `x${low}` : 'xx'))
  }
  return [
    ['require_reply', ...(digits.length > 0 ? [digits.join('')] : [])].join(' '),
    ...(least === '0' ? [] : [`min_reply_length ${least}`]),
    ...(most === '255' ? [] : [`max_reply_length ${most}`]),
  ]
}

export const hexOf = (text: string): string =>
  [...new TextEncoder().encode(text)].map(byte => byte.toString(16).padStart(2, '0')).join('')
