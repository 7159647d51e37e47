import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { before, test } from 'node:test'
import { launchCommand } from '../../appliance/linux/launch.ts'
import type { ProcessSpec } from '../../appliance/supervision/spec.ts'
import { compileNative, foreign, isAlive, tree, until } from './supervisor-lab.ts'

before(() => {
  assert.equal(process.getuid?.(), 0, 'run these tests as root: only root has rights to give up')
  compileNative()
})

const site = { controlGroup: null, changesUser: true, parent: process.pid }

/** What a child of this kind finds about itself in /proc/self/status. */
function statusOf(own: Partial<ProcessSpec>): Map<string, string> {
  const spec = foreign('probe', '', { command: ['/bin/cat', '/proc/self/status'], ...own })
  const text = execFileSync(...launchCommand(spec, site), { encoding: 'utf8' })
  const lines = text.split('\n').map(line => line.split(':\t') as [string, string])
  return new Map(lines)
}

const capabilitySets = ['CapInh', 'CapPrm', 'CapEff', 'CapBnd', 'CapAmb']

test('a child of root without a wish has no capability left, in no set', () => {
  const status = statusOf({})
  for (const set of capabilitySets) assert.equal(status.get(set), '0000000000000000', set)
  assert.equal(status.get('NoNewPrivs'), '1')
  assert.equal(status.get('Uid'), '0\t0\t0\t0')
})

test('a child keeps what is named, as root and as another user', () => {
  for (const user of [null, 'nobody']) {
    const status = statusOf({ user, capabilities: ['net_admin', 'net_raw'] })
    for (const set of ['CapPrm', 'CapEff', 'CapBnd']) {
      assert.equal(status.get(set), '0000000000003000', `${user} ${set}`)
    }
  }
})

test('another user has none of root’s groups', () => {
  const status = statusOf({ user: 'nobody' })
  assert.equal(status.get('Uid'), '65534\t65534\t65534\t65534')
  assert.equal(status.get('Gid'), '65534\t65534\t65534\t65534')
  assert.equal(status.get('Groups')?.trim(), '')
})

test('every thread of a Node child is confined, those before its first line too', () => {
  const script = `
    const { readdirSync, readFileSync } = require('fs')
    for (const thread of readdirSync('/proc/self/task')) {
      const status = readFileSync('/proc/self/task/' + thread + '/status', 'utf8')
      console.log(/CapEff:\\s(\\w+)/.exec(status)[1], /NoNewPrivs:\\s(\\d)/.exec(status)[1])
    }`
  const spec = foreign('node', '', { command: [process.execPath, '-e', script] })
  const threads = execFileSync(...launchCommand(spec, site), { encoding: 'utf8' }).trim()
  assert.ok(threads.split('\n').length > 2, threads)
  assert.deepEqual([...new Set(threads.split('\n'))], ['0000000000000000 1'])
})

test('scheduling is set before the program runs', () => {
  // proc_pid_stat(5): nice is field 19, rt_priority 40, policy 41 (2 is SCHED_RR of sched.h).
  const fields = (own: Partial<ProcessSpec>): string[] => {
    const command = ['/bin/cat', '/proc/self/stat'] as const
    const spec = foreign('probe', '', { ...own, command })
    return execFileSync(...launchCommand(spec, site), { encoding: 'utf8' }).split(' ')
  }
  assert.equal(fields({ scheduling: { kind: 'normal', nice: 7 } })[18], '7')
  const fast = fields({ scheduling: { kind: 'round-robin', priority: 50 } })
  assert.deepEqual([fast[39], fast[40]], ['50', '2'])
})

test('a program that knows nothing of us ends when its parent is killed', async t => {
  const launch = join(tree, 'build/lib/launch')
  const parent = spawnSync(
    '/bin/sh',
    ['-c', `${launch} --parent $$ -- /bin/sleep 1000 >/dev/null & echo $!; kill -9 $$`],
    { encoding: 'utf8' },
  )
  const child = Number(parent.stdout)
  t.after(() => isAlive(child) && process.kill(child, 'SIGKILL'))
  assert.ok(child > 0, parent.stdout)
  await until(
    'it has gone',
    () => isRunning(child),
    running => !running,
  )
})

test('who comes after the death of the parent does not begin', () => {
  const { status, stderr } = spawnSync(
    join(tree, 'build/lib/launch'),
    ['--parent', '1', '--', '/bin/true'],
    { encoding: 'utf8' },
  )
  assert.equal(status, 125)
  assert.match(stderr, /the supervisor \(process 1\) has gone/)
})

for (const [name, args, code, words] of [
  ['an unknown capability', ['--keep', 'sys_admin', '--', '/bin/true'], 125, /--keep sys_admin/],
  ['a nice value out of range', ['--nice', '99', '--', '/bin/true'], 125, /from -20 to 19/],
  ['a user in letters', ['--user', 'web', '--', '/bin/true'], 125, /UID:GID/],
  ['no program', ['--nice', '1'], 125, /no program/],
  [
    'a control group that is none',
    ['--cgroup', '/nowhere', '--', '/bin/true'],
    125,
    /memory limit/,
  ],
  ['a program that is missing', ['--', '/nowhere'], 127, /\/nowhere: No such file/],
  ['a program that is none', ['--', '/etc/passwd'], 126, /Permission denied/],
] as const) {
  test(`launch refuses ${name}`, () => {
    const run = spawnSync(join(tree, 'build/lib/launch'), args, { encoding: 'utf8' })
    assert.equal(run.status, code)
    assert.match(run.stderr, words)
  })
}

test('a user that does not exist is named with the file to mend', () => {
  const spec = foreign('stranger', 'true', { user: 'no-such-user' })
  assert.throws(() => launchCommand(spec, site), /\/etc\/passwd has no user "no-such-user"/)
})

/** A zombie that its new parent has not collected yet does not count. */
function isRunning(pid: number): boolean {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))
  } catch {
    return false
  }
}
