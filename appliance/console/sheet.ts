import {
  line,
  type ScreenLine,
  type ScreenSize,
  spread,
  type Tone,
} from '../terminal/screen-line.ts'

export type Sheet = {
  readonly title: string
  /** At the right of the title. */
  readonly place: string
  readonly body: readonly ScreenLine[]
  /** What can be pressed. */
  readonly keys: string
}

/** A whole screen of text: exactly its size. */
export function drawSheet(sheet: Sheet, { columns: width, rows }: ScreenSize): ScreenLine[] {
  const head = line(spread(` ${sheet.title}`, sheet.place, width), 'title')
  const foot = [line('-'.repeat(width), 'quiet'), line(` ${sheet.keys}`)]
  const room = Math.max(0, rows - 1 - foot.length)
  const shown = sheet.body.slice(0, room)
  const gap = Array.from({ length: room - shown.length }, () => line(''))
  return [head, ...shown, ...gap, ...foot].map(({ text, tone }) => line(text.slice(0, width), tone))
}

export const toned = (lines: readonly string[], first: Tone): readonly ScreenLine[] =>
  lines.map((text, index) => line(` ${text}`, index === 0 ? first : 'plain'))
