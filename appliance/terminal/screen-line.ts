/** How a line looks; one look for a whole line keeps the screen calm and a serial line fast. */
export type Tone = 'plain' | 'title' | 'good' | 'warning' | 'quiet'

export type ScreenLine = { readonly text: string; readonly tone: Tone }

export type ScreenSize = { readonly columns: number; readonly rows: number }

export const line = (text: string, tone: Tone = 'plain'): ScreenLine => ({ text, tone })

/**
 * Only printable ASCII may reach a terminal: every terminal shows it, a column is a character, and
 * no text from outside (a host name from DHCP, a certificate, an error) can command the terminal.
 */
export const printable = (text: string): string =>
  text.replace(/\s/g, ' ').replace(/[^\x20-\x7e]/gu, '?')

/** Breaks at spaces; a word that is too long for a line is cut. */
export const wrap = (text: string, columns: number): string[] => {
  const width = Math.max(1, columns)
  const lines: string[] = []
  let current = ''
  for (const word of printable(text).split(' ').filter(Boolean)) {
    let rest = word
    if (current !== '' && current.length + 1 + rest.length <= width) {
      current += ` ${rest}`
      continue
    }
    if (current !== '') lines.push(current)
    for (; rest.length > width; rest = rest.slice(width)) lines.push(rest.slice(0, width))
    current = rest
  }
  return current === '' ? lines : [...lines, current]
}

/** Left and right on one line; the left one is cut when both do not fit. */
export const spread = (left: string, right: string, width: number): string => {
  const room = Math.max(0, width - right.length - 1)
  return `${left.slice(0, room).padEnd(room)} ${right}`.slice(0, width)
}
