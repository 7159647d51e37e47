import type { Status } from '../status/document.ts'
import {
  line,
  printable,
  type ScreenLine,
  type ScreenSize,
  spread,
  wrap,
} from '../terminal/screen-line.ts'
import { alarmSection } from './alarm-section.ts'
import { commitText } from './commit-text.ts'
import { portTable } from './port-table.ts'
import { roleLines } from './role-section.ts'
import { routerTable } from './router-table.ts'
import { systemLines, webLines } from './system-lines.ts'

/**
 * The screen of a box: what an operator needs at a glance, most important first. Pure: the same
 * status gives the same lines, so that a terminal is sent only what differs.
 */

const indent = 1

/** A part of the screen: at most so many lines, and how many it needs to be of use. */
type Section = {
  readonly draw: (rows: number) => ScreenLine[]
  readonly least: number
}

const slotText = ({ slot }: Status): string => {
  if (!slot) return ''
  return `slot ${slot.running.toUpperCase()}${slot.state === 'trial' ? ' on trial' : ''}`
}

const title = (status: Status, width: number): ScreenLine => {
  const product = `${status.product} ${status.version} (${commitText(status.commit)})`
  const left = ` ${product}   ${status.hostname}`
  return line(spread(printable(left), `${slotText(status)} `, width), 'title')
}

const footText = ({ setup }: Status): string =>
  setup.state === 'needed'
    ? 'Press Enter to set this box up. Before that the network can change nothing.'
    : 'F2 or Enter: log in to change something.'

const foot = (status: Status, notice: string | null, width: number): ScreenLine[] => [
  line('-'.repeat(width), 'quiet'),
  ...wrap(notice ?? footText(status), width - 2 * indent).map(text =>
    line(`${' '.repeat(indent)}${text}`, notice ? 'warning' : 'plain'),
  ),
]

/** Everybody gets the least; what is left goes to the first, then to the second, ... */
const share = (room: number, sections: readonly Section[]): Map<Section, number> => {
  let left = room - sections.reduce((sum, section) => sum + section.least, 0)
  return new Map(
    sections.map(section => {
      const more = Math.max(0, Math.min(left, section.draw(room).length + 1 - section.least))
      left -= more
      return [section, section.least + more]
    }),
  )
}

/**
 * `notice` takes the place of the last lines when the operator has to know something about the
 * screen itself. Exactly `size.rows` lines, none longer than `size.columns`.
 */
export const drawScreen = (
  status: Status,
  { columns: width, rows }: ScreenSize,
  notice: string | null = null,
): ScreenLine[] => {
  const head = title(status, width)
  const bottom = foot(status, notice, width)
  const alarms = alarmSection(status, width)
  const table = (most: number): ScreenLine[] => portTable(status, most, width)
  const ports = { draw: table, least: Math.min(table(rows).length, 4) + 1 }
  const list = (most: number): ScreenLine[] => routerTable(status, most, width)
  const lines = list(rows).length
  const routers = { draw: list, least: lines === 0 ? 0 : Math.min(lines, 3) + 1 }
  const isSetUp = status.setup.state !== 'needed'
  const own = isSetUp ? roleLines(status, width) : []
  const role = { draw: (most: number) => own.slice(0, most), least: isSetUp ? own.length + 1 : 0 }
  const web = { draw: (most: number) => webLines(status, most, width), least: 5 }
  const system = { draw: (most: number) => systemLines(status, most, width), least: 0 }

  const room = Math.max(0, rows - 1 - bottom.length)
  const shares = share(room, [alarms, role, routers, web, ports, system])
  const body = [alarms, role, routers, ports, web, system].flatMap(section => {
    const granted = shares.get(section) ?? 0
    return granted > 1 ? [line(''), ...section.draw(granted - 1)] : []
  })
  const gap = Array.from({ length: Math.max(0, room - body.length) }, () => line(''))
  return [head, ...body.slice(0, room), ...gap, ...bottom]
    .slice(0, rows)
    .map(({ text, tone }) => line(text.slice(0, width), tone))
}
