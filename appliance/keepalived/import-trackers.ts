/** What instances track: vrrp_script, vrrp_track_process, track_file; interfaces as they come. */

import { pathText } from '../config/path.ts'
import { command, userOf } from './import-command.ts'
import type { Handler, Json, Site, Table, Target } from './import-site.ts'
import { hintFor, nameIn, readBlock } from './import-site.ts'
import { each, ignored, time, timeKey, whole, wholeKey, wordKey, wordOf } from './import-words.ts'
import type { Entry } from './tree.ts'

type Kind = 'script' | 'process' | 'file'
type TrackerTarget = Target & { weight: number; reverse: boolean }
type Here = { readonly site: Site }

/** Its own, for those that track it without one. */
const weight: Handler<TrackerTarget> = (entry, to) => {
  const value = whole(to.site, entry, wordOf(entry), -2_147_483_647, 2_147_483_647)
  if (value === null) return undefined
  to.weight = value
  to.reverse = entry.words.includes('reverse')
  to.site.notes.translated(entry, 'it stands in each router that tracks it')
  return undefined
}

const script: Table<TrackerTarget> = {
  script: (entry, { site, path, json }) => {
    json.command = command(site, entry, entry.words.join(' '), `${path}.command`) ?? undefined
    if (/\b(killall|pkill) -0\b|\bpidof\b|\bpgrep\b/.test(entry.words.join(' '))) {
      const text =
        'it works as it is; a tracker of kind "process" sees the end of the program at once'
      site.notes.translated(entry, text, `${path}.command`)
    }
    return `${path}.command`
  },
  interval: timeKey('interval', '10ms', '24h'),
  timeout: timeKey('timeout', '10ms', '24h'),
  rise: wholeKey('rise', 1, 1000),
  fall: wholeKey('fall', 1, 1000),
  weight,
  user: (entry, { site, path, json }) => {
    json.user = wordOf(entry)
    if (entry.words.length > 1) {
      site.notes.translated(entry, `the group ${wordOf(entry, 1)} is left out`, `${path}.user`)
    }
    return `${path}.user`
  },
  init_fail: (_entry, { path, json }) => {
    json.initially = 'down'
    return `${path}.initially`
  },
}

const patience: Handler<TrackerTarget> = (entry, { site, path, json }) => {
  const value = time(site, entry, wordOf(entry), ['0s', '1h'])
  if (value !== null) json.patience = value
  return `${path}.patience`
}

const program: Table<TrackerTarget> = {
  process: (entry, { site, path, json }) => {
    const [first = '', ...others] = entry.words
    json.program = first.replace(/^.*\//, '')
    if (others.length > 0) json.arguments = others
    if (first.includes('/')) {
      const text = `programs are known by their names without the folder: ${json.program}`
      site.notes.translated(entry, text, `${path}.program`)
    }
    return `${path}.program`
  },
  param_match: (entry, { site, path }) => {
    const text = 'here each of the arguments has to be among those of the process, in this order'
    site.notes.translated(entry, text, `${path}.arguments`)
    return undefined
  },
  quorum: wholeKey('least', 1, 65_535),
  quorum_max: (entry, to) => {
    if (wordOf(entry) !== '0') return wholeKey('most', 1, 65_535)(entry, to)
    to.reverse = !to.reverse
    to.site.notes.translated(entry, 'at most none: up counts as down (reverse)')
    return undefined
  },
  weight,
  delay: patience,
  terminate_delay: patience,
  fork_delay: ignored('a process counts as soon as it is there'),
  full_command: ignored('the arguments are always looked at when there are some'),
}

const file: Table<TrackerTarget> = {
  file: wordKey('path'),
  weight,
  init_file: (entry, { site, path, json }) => {
    const value = /^-?\d+$/.test(wordOf(entry)) ? Number(wordOf(entry)) : 0
    json.missing = Math.min(254, Math.max(-254, value))
    const text = 'the file is not written; while it is missing this is its number'
    site.notes.translated(entry, text, `${path}.missing`)
    return undefined
  },
}

const kinds = {
  script: { table: script, weight: 0 },
  process: { table: program, weight: 1 },
  file: { table: file, weight: 1 },
} as const

const tracker =
  (kind: Kind): Handler<Here> =>
  (entry, { site }) => {
    const given = wordOf(entry)
    const name = nameIn(site.trackers, given)
    const path = pathText(['cluster', 'trackers', name])
    const json: Json = { kind }
    site.trackers[name] = json
    const to = { site, path, json, weight: kinds[kind].weight, reverse: false }
    readBlock(entry.block ?? [], kinds[kind].table, to)
    if (kind === 'script' && json.user === undefined) {
      Object.assign(json, userOf(site.globals.scriptUser))
    }
    if (typeof json.path === 'string') site.fileOf.set(given, json.path)
    site.trackersHere.set(`${kind} ${given}`, { name, weight: to.weight, reverse: to.reverse })
    if (name !== given) site.notes.translated(entry, `"${given}" is called ${name} here`, path)
    return path
  }

export const trackers: Table<Here> = {
  vrrp_script: tracker('script'),
  vrrp_track_process: tracker('process'),
  ...each('track_file vrrp_track_file', tracker('file')),
}

export type Tracks = { readonly site: Site; readonly path: string; readonly track: Json[] }

/** `track_script { chk weight 2 reverse }` of an instance or a sync group. */
const trackList =
  (kind: Kind | 'interface'): Handler<Tracks> =>
  (entry, to) => {
    const before = to.track.length
    for (const line of entry.block ?? []) trackLine(kind, line, to)
    if (to.track.length === before && !to.site.notes.has(entry)) {
      to.site.notes.ignored(entry, 'nothing is tracked')
    }
    return `${to.path}.track`
  }

function trackLine(kind: Kind | 'interface', line: Entry, { site, path, track }: Tracks): void {
  const { notes } = site
  const here = kind === 'interface' ? interfaceHere(site, line) : known(site, kind, line)
  if (here === null) return
  const at = line.words.indexOf('weight')
  const limit = kind === 'file' ? 254 : 253
  let value = here.weight
  if (at >= 0) {
    const found = whole(site, line, wordOf(line, at + 1), -2_147_483_647, 2_147_483_647)
    if (found === null) return
    value = found
  }
  const cut = Math.max(-limit, Math.min(limit, value))
  const reverse = line.words.includes('noreverse')
    ? false
    : line.words.includes('reverse') || (at < 0 && here.reverse)
  if (track.some(other => other.tracker === here.name)) {
    notes.ignored(line, 'it is tracked already')
    return
  }
  track.push({ tracker: here.name, weight: cut === 0 ? null : cut, ...(reverse && { reverse }) })
  const own = `${path}.track[${track.length - 1}]`
  if (cut !== value) notes.translated(line, `the weight ${value} is ${cut} here`, own)
  else if (cut === 0 && kind === 'script') {
    const text =
      'without a weight a failure is a FAULT: the box gives up its addresses, whatever its ' +
      'priority. A negative weight would only lower the priority'
    notes.translated(line, text, own)
  } else notes.applied(line, own)
}

function known(site: Site, kind: Kind, line: Entry) {
  const here = site.trackersHere.get(`${kind} ${line.keyword}`)
  if (here !== undefined) return here
  const hint = hintFor(site, line.keyword, site.trackersHere, `${kind} `)
  site.notes.unsupported(line, `there is no ${kind} "${line.keyword}": ${hint}`)
  return null
}

function interfaceHere(site: Site, line: Entry) {
  const key = `interface ${line.keyword}`
  const here = site.trackersHere.get(key)
  if (here !== undefined) return here
  const name = nameIn(site.trackers, line.keyword)
  site.trackers[name] = { kind: 'interface', interface: line.keyword }
  const made = { name, weight: 0, reverse: false }
  site.trackersHere.set(key, made)
  return made
}

export const tracking: Table<Tracks> = {
  track_interface: trackList('interface'),
  track_script: trackList('script'),
  track_process: trackList('process'),
  track_file: trackList('file'),
  track_bfd: (entry, { site }) => {
    site.notes.unsupported(
      entry,
      'routers track no BFD: check the neighbour with a service and track that (kind "service")',
    )
    return undefined
  },
}
