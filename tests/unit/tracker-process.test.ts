import assert from 'node:assert/strict'
import { test } from 'node:test'
import { instant, seconds } from '../../appliance/values/duration.ts'
import {
  countAgainAt,
  counts,
  firstCount,
  judgeCount,
  mayCount,
} from '../../appliance/vrrp/tracked-process.ts'

const anyArguments: readonly string[] = []

for (const [name, program, wanted, called, file, argv, expected] of [
  ['by the name in the kernel', 'nginx', [], 'nginx', null, ['nginx: master process'], true],
  ['by its file', 'dnsmasq', [], 'renamed', '/usr/sbin/dnsmasq', ['dnsmasq'], true],
  ['by its file after an upgrade', 'ssh', [], 'x', '/usr/bin/ssh (deleted)', ['ssh'], true],
  ['a script by its own name', 'backup.sh', [], 'backup.sh', '/bin/bash', ['/bin/sh', 'b'], true],
  ['a longer name is another', 'ssh', [], 'sshd', '/usr/sbin/sshd', ['sshd'], false],
  ['a zombie does not run', 'nginx', [], 'nginx', null, [], false],
  ['nor does a thread of the kernel', 'kthreadd', [], 'kthreadd', null, [], false],
  [
    'a name that the kernel cuts, by its first argument',
    'systemd-resolved',
    [],
    'systemd-resolve',
    null,
    ['/lib/systemd/systemd-resolved'],
    true,
  ],
  [
    'another name that is cut to the same',
    'systemd-resolved',
    [],
    'systemd-resolve',
    null,
    ['/lib/systemd/systemd-resolvectl'],
    false,
  ],
  [
    'a script whose name is cut',
    'watch-the-gateway',
    [],
    'watch-the-gatew',
    '/bin/sh',
    ['/bin/sh', '/opt/watch-the-gateway'],
    true,
  ],
  [
    'with its arguments',
    'java',
    ['-jar', 'a.jar'],
    'java',
    null,
    ['java', '-Xmx1g', '-jar', 'a.jar'],
    true,
  ],
  [
    'arguments in another order',
    'java',
    ['a.jar', '-jar'],
    'java',
    null,
    ['java', '-jar', 'a.jar'],
    false,
  ],
  ['an argument twice is not once', 'x', ['-v', '-v'], 'x', null, ['x', '-v'], false],
  ['its own name is no argument', 'x', ['x'], 'x', null, ['x'], false],
] as const) {
  test(`${name}: ${expected ? 'counts' : 'does not count'}`, () => {
    const tracker = { program, arguments: wanted }
    assert.equal(counts(tracker, { called, file }, argv), expected)
    if (expected) assert.ok(mayCount(tracker, { called, file }))
  })
}

const tracker = {
  program: 'nginx',
  arguments: anyArguments,
  least: 1,
  most: null,
  patience: seconds(3),
}
const at = (second: number) => instant(second * 1000)

test('there when first looked for: up; not there: down without patience', () => {
  const up = judgeCount(firstCount, 2, tracker, at(0))
  assert.deepEqual([up.state, up.why], ['up', '2 processes nginx'])
  const down = judgeCount(firstCount, 0, tracker, at(0))
  assert.deepEqual([down.state, down.why], ['down', 'no process nginx'])
})

test('gone for less than its patience: it was not gone', () => {
  let count = judgeCount(firstCount, 1, tracker, at(0))
  count = judgeCount(count, 0, tracker, at(1))
  assert.deepEqual([count.state, count.why], ['up', '1 process nginx'])
  assert.equal(countAgainAt(count, tracker), at(4))
  count = judgeCount(count, 0, tracker, at(3.9))
  assert.equal(count.state, 'up')
  count = judgeCount(count, 1, tracker, at(3.95))
  assert.equal(countAgainAt(count, tracker), null)
  count = judgeCount(count, 0, tracker, at(4))
  assert.equal(count.state, 'up', 'patience begins anew')
})

test('gone for its patience: down, and up again at once', () => {
  let count = judgeCount(firstCount, 1, tracker, at(0))
  count = judgeCount(count, 0, tracker, at(1))
  count = judgeCount(count, 0, tracker, at(4))
  assert.equal(count.state, 'down')
  count = judgeCount(count, 1, tracker, at(5))
  assert.equal(count.state, 'up')
})

test('too few and too many are said in numbers', () => {
  const wanted = { ...tracker, least: 2, most: 3, patience: seconds(0) }
  assert.equal(judgeCount(firstCount, 1, wanted, at(0)).why, '1 process nginx, at least 2 wanted')
  assert.equal(judgeCount(firstCount, 3, wanted, at(0)).state, 'up')
  const many = judgeCount(firstCount, 4, wanted, at(0))
  assert.deepEqual([many.state, many.why], ['down', '4 processes nginx, at most 3 wanted'])
})
