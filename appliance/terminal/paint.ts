import type { ScreenLine, Tone } from './screen-line.ts'

/**
 * From one screen to the next in as few bytes as possible: at 9600 baud a whole screen takes two
 * seconds. Plain ANSI, known to the kernel's screen and to every terminal program.
 */

const csi = '\x1b['
const at = (row: number, column: number): string => `${csi}${row + 1};${column + 1}H`
const eraseLine = `${csi}K`
const eraseBelow = `${csi}J`

const looks: Record<Tone, string> = {
  plain: '',
  title: `${csi}7m`,
  good: `${csi}1;32m`,
  warning: `${csi}1;33m`,
  quiet: `${csi}2m`,
}

const toned = (text: string, tone: Tone): string =>
  tone === 'plain' || text === '' ? text : `${looks[tone]}${text}${csi}0m`

/** Unchanged cells between two changes that cost no more than moving the cursor over them. */
const cheapGap = 8

/** The changed stretches of a line, as [from, to). */
const changes = (before: string, after: string): [number, number][] => {
  const stretches: [number, number][] = []
  for (let i = 0; i < Math.max(before.length, after.length); i++) {
    if ((before[i] ?? ' ') === (after[i] ?? ' ')) continue
    const last = stretches.at(-1)
    if (last && i - last[1] < cheapGap) last[1] = i + 1
    else stretches.push([i, i + 1])
  }
  return stretches
}

const trimmed = ({ text, tone }: ScreenLine): string => (tone === 'title' ? text : text.trimEnd())

/** Erased first, because after a full line the cursor waits in its last column. */
const wholeLine = (row: number, line: ScreenLine, erase = eraseLine): string =>
  `${at(row, 0)}${erase}${toned(trimmed(line), line.tone)}`

const changedLine = (row: number, before: ScreenLine, after: ScreenLine): string => {
  if (before.tone !== after.tone) return wholeLine(row, after)
  const text = trimmed(after)
  return changes(trimmed(before), text)
    .map(([from, to]) => {
      const move = at(row, from)
      if (to <= text.length) return move + toned(text.slice(from, to), after.tone)
      return `${move}${toned(text.slice(from), after.tone)}${eraseLine}`
    })
    .join('')
}

/** ASCII in G0, plain look, cursor hidden: whatever noise or another program left behind. */
const reset = `\x0f\x1b(B${csi}0m${csi}?25l`

/** The cursor waits at the top: a kernel message then overwrites a line and scrolls none. */
const park = `${csi}H`

export const clearScreen = `${reset}${csi}2J`

/** Everything, for a terminal of which nothing is known; also what stands below the screen goes. */
export const paintAll = (lines: readonly ScreenLine[]): string => {
  const painted = lines.map((line, row) =>
    wholeLine(row, line, row === lines.length - 1 ? eraseBelow : eraseLine),
  )
  return reset + painted.join('') + park
}

/** What differs; empty when nothing does. */
export const paintChanges = (
  before: readonly ScreenLine[],
  after: readonly ScreenLine[],
): string => {
  if (before.length !== after.length) return paintAll(after)
  const painted = after.flatMap((line, row) => {
    const old = before[row]
    return old ? changedLine(row, old, line) : []
  })
  const bytes = painted.join('')
  return bytes === '' ? '' : bytes + park
}

/** The last words of a console that ends: the cursor is given back. */
export const paintFarewell = (text: string): string => `${clearScreen}${park}${text}\r\n${csi}?25h`
