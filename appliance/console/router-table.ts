import type { RouterStatus } from '../status/router-status.ts'
import { line, printable, type ScreenLine, type Tone } from '../terminal/screen-line.ts'

const toneOf = ({ state }: RouterStatus): Tone => {
  if (state === 'FAULT') return 'warning'
  return state === 'MASTER' ? 'good' : 'plain'
}

/** What should be here and is not stands in brackets. */
const addressText = ({ addresses }: RouterStatus): string =>
  addresses.map(({ address, held }) => (held ? address : `(${address})`)).join(' ')

/** One line for each virtual router; what does not fit is counted. */
export const routerTable = (
  routers: readonly RouterStatus[],
  rows: number,
  width: number,
): ScreenLine[] => {
  if (routers.length === 0) return []
  const cells = routers.map(router => [router.name, router.state, addressText(router)])
  const headings = ['Router', 'State', 'Addresses']
  const columns = [headings, ...cells]
  const widths = [0, 1].map(i => Math.max(...columns.map(row => row[i]?.length ?? 0)))
  const text = (row: readonly string[], why: string): string => {
    const [name = '', state = '', addresses = ''] = row.map(printable)
    const left = `  ${name.padEnd(widths[0] ?? 0)}  ${state.padEnd(widths[1] ?? 0)}  ${addresses}`
    return (why === '' ? left : `${left}  ${printable(why)}`).slice(0, width).trimEnd()
  }
  const lines = [line(text(headings, ''), 'quiet')]
  for (const [index, router] of routers.entries()) {
    const rest = routers.length - index
    if (lines.length + 1 > rows - (rest === 1 ? 0 : 1)) {
      const more = line(`  and ${rest} more ${rest === 1 ? 'router' : 'routers'}`)
      return [...lines, more].slice(0, rows)
    }
    lines.push(line(text(cells[index] ?? [], router.why), toneOf(router)))
  }
  return lines
}
