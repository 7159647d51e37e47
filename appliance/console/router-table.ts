import { holderOf } from '../status/box-role.ts'
import type { Status } from '../status/document.ts'
import type { RouterStatus } from '../status/router-status.ts'
import { line, printable, type ScreenLine, type Tone } from '../terminal/screen-line.ts'

const toneOf = ({ state }: RouterStatus): Tone => {
  if (state === 'FAULT') return 'warning'
  return state === 'MASTER' ? 'good' : 'plain'
}

/** What should be here and is not stands in brackets. */
const addressTexts = ({ addresses, state }: RouterStatus): string[] =>
  addresses.map(({ address, held }) => (held || state === 'BACKUP' ? address : `(${address})`))

/** As many as fit; the others are counted. */
const fitting = (texts: readonly string[], width: number): string => {
  const all = texts.join(' ')
  if (all.length <= width || texts.length < 2) return all
  for (let count = texts.length - 1; count > 0; count -= 1) {
    const some = `${texts.slice(0, count).join(' ')} +${texts.length - count}`
    if (some.length <= width || count === 1) return some
  }
  return all
}

const headings = ['Router', 'State', 'Held by'] as const

/** One line for each virtual router; what does not fit is counted. */
export const routerTable = (status: Status, rows: number, width: number): ScreenLine[] => {
  const { routers } = status
  if (routers.length === 0) return []
  const cells = routers.map(router =>
    [router.name, router.state, holderOf(router, status) ?? 'nobody'].map(printable),
  )
  const widths = headings.map((heading, i) =>
    Math.max(heading.length, ...cells.map(row => row[i]?.length ?? 0)),
  )
  const left = (row: readonly string[]): string =>
    `  ${row.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join('  ')}  `
  const lines = [line(`${left(headings)}Virtual addresses`.slice(0, width), 'quiet')]
  for (const [index, router] of routers.entries()) {
    const rest = routers.length - index
    if (lines.length + 1 > rows - (rest === 1 ? 0 : 1)) {
      const more = line(`  and ${rest} more ${rest === 1 ? 'router' : 'routers'}`)
      return [...lines, more].slice(0, rows)
    }
    const start = left(cells[index] ?? [])
    const addresses = printable(fitting(addressTexts(router), width - start.length - 1))
    const why = `  ${printable(router.why)}`
    const text = `${start}${addresses}`
    const whole = text.length + why.length < width ? text + why : text
    lines.push(line(whole.slice(0, width).trimEnd(), toneOf(router)))
  }
  return lines
}
