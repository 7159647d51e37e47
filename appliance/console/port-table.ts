import { portRole } from '../status/box-role.ts'
import type { PortStatus, Status } from '../status/document.ts'
import { line, printable, type ScreenLine } from '../terminal/screen-line.ts'

const linkText = ({ link, speedMbps }: PortStatus): string => {
  switch (link) {
    case 'up':
      if (speedMbps === null) return 'up'
      return speedMbps < 1000 ? `${speedMbps} Mb/s` : `${speedMbps / 1000} Gb/s`
    case 'no-carrier':
      return 'no cable'
    case 'down':
      return 'down'
    case 'missing':
      return 'missing'
  }
}

const isLinkLocal = (address: string): boolean => /^fe[89ab]/i.test(address)

/** A link-local address helps only where there is no other. */
const shownAddresses = ({ addresses }: PortStatus): readonly string[] => {
  const useful = addresses.filter(address => !isLinkLocal(address))
  return useful.length > 0 ? useful : addresses
}

/** Before setup somebody may look for a card by its number, later by what it is for. */
const second = ({ setup }: Status): string =>
  setup.state === 'needed' ? 'Hardware address' : 'Role'

/** One line for a port, more when it has several addresses. */
const portLines = (
  cells: readonly string[],
  addresses: readonly string[],
  widths: readonly number[],
  width: number,
): string[] => {
  const left = `  ${cells.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join('  ')}  `
  const [first, ...more] = addresses
  const room = width - left.length - 1
  const lines = [first !== undefined && first.length <= room ? left + first : left]
  const below = lines[0] === left ? addresses : more
  // A long IPv6 address begins further left, so that it is whole.
  for (const address of below) {
    lines.push(
      `${' '.repeat(Math.max(2, Math.min(left.length, width - address.length - 1)))}${address}`,
    )
  }
  return lines.map(text => text.slice(0, width).trimEnd())
}

/** At most so many rows; what does not fit is counted. */
export const portTable = (status: Status, rows: number, width: number): ScreenLine[] => {
  const { ports } = status
  if (ports.length === 0) {
    return [
      line(
        '  No network port was found: the image has no driver for a card in this box.',
        'warning',
      ),
    ]
  }
  const headings = ['Port', second(status), 'Driver', 'Link']
  const isNew = status.setup.state === 'needed'
  const table = ports.map(port =>
    [port.name, isNew ? port.mac : portRole(port, status), port.driver, linkText(port)].map(
      printable,
    ),
  )
  const widths = headings.map((heading, i) =>
    Math.max(heading.length, ...table.map(cells => cells[i]?.length ?? 0)),
  )
  const heading = portLines(headings, ['Addresses'], widths, width)
  const blocks = ports.map((port, i) =>
    portLines(table[i] ?? [], shownAddresses(port).map(printable), widths, width),
  )

  const lines = heading.map(text => line(text, 'quiet'))
  for (const [index, block] of blocks.entries()) {
    const isLast = index === blocks.length - 1
    if (lines.length + block.length > rows - (isLast ? 0 : 1)) {
      const rest = blocks.length - index
      return [...lines, line(`  and ${rest} more ${rest === 1 ? 'port' : 'ports'}`)].slice(0, rows)
    }
    const tone = ports[index]?.link === 'missing' ? 'warning' : 'plain'
    lines.push(...block.map(text => line(text, tone)))
  }
  return lines
}
