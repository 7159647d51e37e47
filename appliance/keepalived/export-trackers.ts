/** What instances track: at the root what it is, in an instance that it is tracked. */

import type { Path } from '../config/path.ts'
import type { Document, Router, Tracker } from '../config/schema.ts'
import { commandText } from './export-command.ts'
import type { Lacks } from './export-finding.ts'
import { block, flagLine, type Line, quoted, secondsText, unless } from './export-text.ts'

export function trackerBlocks({ cluster }: Document, lacks: Lacks): readonly Line[] {
  return Object.entries(cluster.trackers).flatMap(([name, tracker]): readonly Line[] => {
    const path: Path = ['cluster', 'trackers', name]
    switch (tracker.kind) {
      case 'script':
        return [{ head: `vrrp_script ${name}`, body: script(tracker, path, lacks) }]
      case 'process':
        return [{ head: `vrrp_track_process ${name}`, body: program(tracker, path, lacks) }]
      case 'file':
        return [{ head: `track_file ${name}`, body: file(tracker, path, lacks) }]
      default:
        return []
    }
  })
}

type Of<K extends Tracker['kind']> = Extract<Tracker, { readonly kind: K }>

const script = (
  { command, interval, timeout, rise, fall, user, initially }: Of<'script'>,
  path: Path,
  lacks: Lacks,
): readonly string[] => [
  `script ${commandText(command)}`,
  ...wholeSeconds('interval', interval, [...path, 'interval'], lacks),
  ...(timeout === undefined ? [] : wholeSeconds('timeout', timeout, [...path, 'timeout'], lacks)),
  ...unless('rise', rise, 1),
  ...unless('fall', fall, 1),
  ...(user === null ? [] : [`user ${user}`]),
  ...flagLine('init_fail', initially === 'down'),
  ...lacks.sayIf(
    initially === 'up',
    [...path, 'initially'],
    'keepalived waits for the first result: nothing to do if the script is quick',
  ),
]

/** keepalived 2.2 refuses "0.5", and 2.3.2 is the first that takes it. */
function wholeSeconds(keyword: string, ms: number, path: Path, lacks: Lacks): readonly string[] {
  const seconds = Math.max(1, Math.ceil(ms / 1000))
  const text = `keepalived counts whole seconds before 2.3.2: then write ${secondsText(ms)}`
  return [`${keyword} ${seconds}`, ...lacks.sayIf(seconds * 1000 !== ms, path, text)]
}

const program = (
  { program: name, arguments: words, least, most, patience }: Of<'process'>,
  path: Path,
  lacks: Lacks,
): readonly string[] => [
  `process ${[name, ...words].map(word).join(' ')}`,
  ...flagLine('param_match initial', words.length > 0),
  ...lacks.sayIf(
    words.length > 0,
    [...path, 'arguments'],
    'keepalived compares the first arguments only: write all from the first one on',
  ),
  ...unless('quorum', least, 1),
  ...(most === null ? [] : [`quorum_max ${most}`]),
  ...(patience === 0 ? [] : [`terminate_delay ${secondsText(patience)}`]),
]

const word = (text: string): string => (/^[\w./:=@-]+$/.test(text) ? text : quoted(text))

const file = (
  { path: where, missing }: Of<'file'>,
  path: Path,
  lacks: Lacks,
): readonly string[] => [
  `file ${where}`,
  ...unless('init_file', missing, 0),
  ...lacks.sayIf(
    missing !== 0,
    [...path, 'missing'],
    'keepalived writes this number into a file that is missing: let it write there',
  ),
]

const lists = {
  script: 'track_script',
  process: 'track_process',
  file: 'track_file',
  interface: 'track_interface',
} as const

/** A list for each kind, in the order in which they come. */
export function trackLines(
  router: Router,
  path: Path,
  { cluster }: Document,
  lacks: Lacks,
): readonly Line[] {
  const of = (kind: keyof typeof lists): readonly string[] =>
    router.track.flatMap(track => {
      const tracker = cluster.trackers[track.tracker]
      if (tracker === undefined || tracker.kind !== kind) return []
      const name = tracker.kind === 'interface' ? tracker.interface : track.tracker
      return [`${name}${weightText(kind, track)}`]
    })
  const tracked = router.track.map(({ tracker }) => cluster.trackers[tracker]?.kind)
  const kinds = [...new Set(tracked)].filter(
    kind => kind !== undefined && kind !== 'service' && kind !== 'check',
  )
  const services = router.track.flatMap((track, index) =>
    lacks.sayIf(
      cluster.trackers[track.tracker]?.kind === 'service',
      [...path, 'track', index],
      'keepalived tracks no virtual server: track a script that asks the service',
    ),
  )
  const checks = router.track.flatMap((track, index) =>
    lacks.sayIf(
      cluster.trackers[track.tracker]?.kind === 'check',
      [...path, 'track', index],
      'keepalived asks nobody for a router: track a script that asks',
    ),
  )
  return [...kinds.flatMap(kind => block(lists[kind], of(kind))), ...services, ...checks]
}

type Track = Router['track'][number]

/** A process and a file have a weight of their own, 1, unless the line says something. */
function weightText(kind: keyof typeof lists, { weight, reverse }: Track): string {
  const said = weight !== null || reverse || kind === 'process' || kind === 'file'
  return said ? ` weight ${weight ?? 0}${reverse ? ' reverse' : ''}` : ''
}
