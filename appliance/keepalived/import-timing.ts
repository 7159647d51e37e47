/** Version, interval and preemption: they depend on one another. */

import { durationText, parseDuration } from '../config/duration-text.ts'
import { milliseconds } from '../values/duration.ts'
import type { Family } from '../values/ip-address.ts'
import type { RouterTarget } from './import-router.ts'
import { time, wordOf } from './import-words.ts'

export function settleTiming(to: RouterTarget, family: Family): 2 | 3 {
  const { site, path, json } = to
  const wanted = to.version?.value ?? site.globals.version ?? 2
  const version = family === 'inet6' || wanted === 3 ? 3 : 2
  if (version !== wanted && to.version !== null) {
    site.notes.translated(to.version.entry, 'IPv6 needs version 3', `${path}.version`)
  }
  json.version = version
  json.advertInterval = interval(to, version)
  settlePreemption(to)
  return version
}

function interval({ site, path, interval: entry }: RouterTarget, version: 2 | 3): string {
  if (entry === null) return '1s'
  const least = version === 2 ? '1s' : '10ms'
  const most = version === 2 ? '255s' : '40.95s'
  const text = time(site, entry, wordOf(entry), [least, most])
  if (text === null) return '1s'
  const step = version === 2 ? 1000 : 10
  const ms = parseDuration(text) ?? milliseconds(1000)
  const rounded = milliseconds(Math.round(ms / step) * step)
  if (rounded !== ms) {
    const why = `version ${version} counts in steps of ${step} ms`
    const at = `${path}.advertInterval`
    site.notes.translated(entry, `${why}: it is ${durationText(rounded)}`, at)
  }
  return durationText(rounded)
}

/** keepalived ignores both in an instance with `state MASTER`. */
function settlePreemption({ site, path, json, master, waiting }: RouterTarget): void {
  if (master === null) return
  for (const entry of waiting) {
    const key = entry.keyword === 'preempt_delay' ? 'preemptDelay' : 'preempt'
    const text =
      `keepalived ignores ${entry.keyword} beside "state MASTER", and it is left out here. If ` +
      `it was meant, write "${key}" into the document`
    site.notes.translated(entry, text, `${path}.${key}`)
    delete json[key]
  }
}
