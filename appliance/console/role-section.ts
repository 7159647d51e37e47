import { localTime } from '../linux/local-time.ts'
import { type BoxRole, boxRole } from '../status/box-role.ts'
import type { Status } from '../status/document.ts'
import { line, printable, type ScreenLine, type Tone, wrap } from '../terminal/screen-line.ts'

const tones: Readonly<Record<BoxRole['word'], Tone>> = {
  MASTER: 'good',
  BACKUP: 'good',
  READY: 'plain',
  SINGLE: 'plain',
  STARTING: 'plain',
  ALONE: 'warning',
  FAULT: 'warning',
  MAINTENANCE: 'warning',
}

/** What this box is and why, then the same of the other one. */
export function roleLines(status: Status, width: number): ScreenLine[] {
  const { word, why } = localRole(status)
  const left = `${word}  `.padEnd(labelWidth - 1)
  const mostWhys = 2
  const whys = wrap(why, width - left.length - 2).slice(0, mostWhys)
  const own = (whys.length === 0 ? [''] : whys).map((text, index) =>
    line(` ${index === 0 ? left : ' '.repeat(left.length)}${text}`.trimEnd(), tones[word]),
  )
  const peer = peerText(status)
  const isAway = ['alone', 'conflict'].includes(status.pair.state)
  return [...own, line(` ${'Peer'.padEnd(labelWidth - 1)}${peer}`, isAway ? 'warning' : 'plain')]
}

/** Somebody who looks at the screen has the clock of the place before him. */
function localRole(status: Status): BoxRole {
  const { maintenance, time } = status
  if (maintenance === null) return boxRole(status)
  const since = localTime(maintenance.since, time?.zone ?? 'UTC')
  return boxRole({ ...status, maintenance: { ...maintenance, since } })
}

const labelWidth = 9

function peerText({ pair }: Status): string {
  const { peer, state, why } = pair
  if (peer === null) return 'none: this box is single'
  const name = `${peer.name} at ${peer.address}`
  const { report } = peer
  if (report === null) return printable(`${name}: ${why}`)
  const roles = [...new Set(report.routers.map(each => each.state))].join(' and ')
  const role = report.maintenance ? 'in maintenance' : roles
  const alarms = report.alarms === 0 ? '' : `${report.alarms} alarm${report.alarms > 1 ? 's' : ''}`
  const words = [state === 'in-sync' ? 'in sync' : state, role, report.health.state, alarms]
  return printable(`${name}: ${words.filter(Boolean).join(', ')}`)
}
