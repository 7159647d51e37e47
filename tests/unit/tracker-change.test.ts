import assert from 'node:assert/strict'
import { test } from 'node:test'
import { milliseconds, seconds } from '../../appliance/values/duration.ts'
import { looksAtTheSame } from '../../appliance/vrrp/tracker-change.ts'
import type { TrackerConfig } from '../../appliance/vrrp/tracker-config.ts'

const script: Extract<TrackerConfig, { kind: 'script' }> = {
  name: 'check',
  kind: 'script',
  command: ['/bin/check', 'a'],
  interval: seconds(1),
  timeout: seconds(1),
  rise: 1,
  fall: 1,
  user: null,
  initially: 'unknown',
}
const program: Extract<TrackerConfig, { kind: 'process' }> = {
  name: 'check',
  kind: 'process',
  program: 'nginx',
  arguments: [],
  least: 1,
  most: null,
  patience: milliseconds(0),
}
const file: TrackerConfig = { name: 'check', kind: 'file', path: '/run/a', missing: 0 }

for (const [name, a, b, expected] of [
  ['a script more often', script, { ...script, interval: seconds(9) }, true],
  ['a script more strictly', script, { ...script, rise: 5, fall: 7 }, true],
  ['a script with another argument', script, { ...script, command: ['/bin/check', 'b'] }, false],
  ['a script as another user', script, { ...script, user: 'nobody' }, false],
  ['more processes', program, { ...program, least: 4, patience: seconds(1) }, true],
  ['another program', program, { ...program, program: 'haproxy' }, false],
  ['other arguments', program, { ...program, arguments: ['-x'] }, false],
  ['a file with another value when it is missing', file, { ...file, missing: 3 }, true],
  ['another file', file, { ...file, path: '/run/b' }, false],
  ['another kind', script, file, false],
] as const) {
  test(`${name}: ${expected ? 'what was found stays' : 'begins anew'}`, () => {
    assert.equal(looksAtTheSame(a, b as TrackerConfig), expected)
  })
}
