import type { ProcessStatus, Status } from '../status/document.ts'
import { line, printable, type ScreenLine, wrap } from '../terminal/screen-line.ts'
import { bracketed } from '../values/endpoint-text.ts'

const labelWidth = 16

/** `  Label         text`, continued below the text. */
const labelled = (label: string, texts: readonly string[]): ScreenLine[] =>
  texts.map((text, i) => line(`  ${i === 0 ? label : ''}`.padEnd(labelWidth) + text))

const hostPart = (cidr: string): string => cidr.split('/')[0] ?? cidr

/**
 * What can be typed into a browser; a link-local address cannot, and behind a virtual one is
 * whichever box is master, or a service.
 */
export const webUrls = (status: Status): string[] => {
  const port = status.web && status.web.port !== 443 ? `:${status.web.port}` : ''
  const virtual = new Set(
    status.routers.flatMap(({ addresses }) => addresses.map(each => hostPart(each.address))),
  )
  const all = status.ports
    .flatMap(({ addresses }) => addresses.map(hostPart))
    .filter(address => !/^fe[89ab]/i.test(address))
  const own = all.filter(address => !virtual.has(address))
  // An address owner (priority 255) may have no other.
  return (own.length > 0 ? own : all)
    .toSorted((one, two) => Number(one.includes(':')) - Number(two.includes(':')))
    .map(address => `https://${bracketed(address)}${port}/`)
}

/** 95 characters, broken after 16 pairs; the colon at the break says that it goes on. */
const fingerprintLines = (fingerprint: string): ScreenLine[] => {
  const half = 16 * 3
  const [first, second] = [fingerprint.slice(0, half), fingerprint.slice(half)].map(printable)
  const purpose = 'A browser must show this SHA-256 fingerprint for the page.'
  return labelled('Certificate', [first ?? '', second ?? '', purpose])
}

/** Where to go on, and how to know that it is this box. */
export const webLines = (status: Status, rows: number, width: number): ScreenLine[] => {
  if (!status.web) return labelled('Web page', ['not started yet'])
  const all = webUrls(status)
  const shown = all.slice(0, Math.max(1, rows - 3))
  const none = 'waits for an address, by DHCP or typed in the setup'
  const urls = shown.length > 0 ? shown : wrap(none, width - labelWidth - 1)
  return [...labelled('Web page', urls.map(printable)), ...fingerprintLines(status.web.fingerprint)]
}

const processText = ({ name, state, restarts }: ProcessStatus): string =>
  `${name} ${state}${restarts > 0 ? ` (${restarts} restarts)` : ''}`

const storageText = ({ storage }: Status): string => {
  const { state, freeMiB, totalMiB } = storage
  const kind = { disk: '', 'read-only': ', read-only', memory: ', in memory only' }[state]
  return `${freeMiB} of ${totalMiB} MiB free${kind}`
}

const memoryLines = ({ memory }: Status): ScreenLine[] =>
  memory ? labelled('Memory', [`${memory.usedMiB} of ${memory.totalMiB} MiB used`]) : []

const watchdogText = ({ watchdog }: Status): string =>
  watchdog
    ? `${watchdog.identity}, ${watchdog.kind}, resets after ${watchdog.timeoutSeconds} s`
    : 'none: a box that hangs stays so'

/** The rest, where there is room; a list that would end in the middle is left out. */
export const systemLines = (status: Status, rows: number, width: number): ScreenLine[] => {
  const room = width - labelWidth - 1
  const lines = [
    ...labelled('Watchdog', wrap(watchdogText(status), room)),
    ...memoryLines(status),
    ...labelled('Storage', wrap(storageText(status), room)),
  ]
  const processes = wrap(status.processes.map(processText).join(', '), room)
  const hasRoom = lines.length + processes.length <= rows
  return hasRoom ? [...lines, ...labelled('Processes', processes)] : lines.slice(0, rows)
}
