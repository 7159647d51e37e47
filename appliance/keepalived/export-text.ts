/** The text of a keepalived.conf: lines, and blocks of lines. */

export type Line = string | Block

/** `vrrp_instance VI_1 {` and what is in it. */
export type Block = { readonly head: string; readonly body: readonly Line[] }

const step = '    '

/** An empty line between blocks of the root; none below. */
export function confText(lines: readonly Line[]): string {
  const written = lines.map((line, index) => {
    const before = lines[index - 1]
    const apart = index > 0 && (typeof line !== 'string' || typeof before !== 'string')
    const glued = typeof before === 'string' && before.startsWith('#')
    return `${apart && !glued ? '\n' : ''}${lineText(line, '')}`
  })
  return `${written.join('\n')}\n`
}

function lineText(line: Line, indent: string): string {
  if (typeof line === 'string') return `${indent}${line}`
  const inner = line.body.map(each => `${lineText(each, `${indent}${step}`)}\n`)
  return `${indent}${line.head} {\n${inner.join('')}${indent}}`
}

/** Nothing when there is nothing in it. */
export const block = (head: string, body: readonly Line[]): readonly Line[] =>
  body.length === 0 ? [] : [{ head, body }]

/** `keyword value`, unless it is what keepalived does without a word. */
export const unless = <T extends string | number>(
  keyword: string,
  value: T,
  usual: T | null,
): readonly string[] => (value === usual ? [] : [`${keyword} ${value}`])

export const flagLine = (keyword: string, value: boolean): readonly string[] =>
  value ? [keyword] : []

/** Most lines have no escapes: a double quote in a word cannot be written. Null then. */
export function plainWord(text: string): string | null {
  if (/^[\w@%+=:,./*-]+$/.test(text)) return text
  return /["\n\\]/.test(text) ? null : `"${text}"`
}

/** For the lines that are read as a shell would: programs and patterns. */
export const quoted = (text: string): string =>
  `"${text.replace(/[\\"]/g, '\\$&').replaceAll('\n', '\\n')}"`

/** Milliseconds as keepalived's seconds. */
export const secondsText = (ms: number): string => String(Math.round(ms * 1000) / 1e6)
