import assert from 'node:assert/strict'
import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import { openControlGroups } from '../../../appliance/linux/control-group.ts'
import { launchCommand } from '../../../appliance/linux/launch.ts'
import { native } from '../../../appliance/linux/native/binding.ts'
import { openWatchdog } from '../../../appliance/linux/watchdog.ts'
import { seconds } from '../../../appliance/values/duration.ts'
import { foreign, until } from '../../processes/supervisor-lab.ts'

const run = (command: string, ...args: string[]): string =>
  execFileSync(command, args, { encoding: 'utf8' })

test('the watchdog is identified, set, pinged, and left armed', () => {
  const watchdogs = () => readdirSync('/dev').filter(name => /^watchdog\d+$/.test(name))
  const others = watchdogs()
  run('modprobe', 'softdog', 'soft_margin=3600', 'nowayout=0')
  const name = watchdogs().find(each => !others.includes(each))
  const device = `/dev/${name}`

  const watchdog = openWatchdog(device, seconds(30))
  const { since, why, ...status } = watchdog.status
  assert.ok(Date.parse(since) > 0 && /30 s/.test(why), why)
  assert.deepEqual(status, {
    device,
    identity: 'Software Watchdog',
    timeoutSeconds: 30,
    kind: 'software',
  })
  watchdog.ping()
  assert.throws(() => openWatchdog(device, seconds(30)), { code: 'EBUSY' })
  watchdog.handOver(seconds(3600))
  assert.match(run('dmesg'), new RegExp(`${name}: watchdog did not stop!`))

  const again = openWatchdog(device, seconds(3600))
  assert.equal(again.status.timeoutSeconds, 3600)
  again.handOver(seconds(3600))
})

test('what is no watchdog is named with what to do', () => {
  assert.throws(() => openWatchdog('/dev/null', seconds(30)), {
    op: 'WDIOC_GETSUPPORT',
    code: 'ENOTTY',
    message: /open \/dev\/watchdog/,
  })
  assert.throws(() => openWatchdog('/dev/none', seconds(30)), { code: 'ENOENT' })
  assert.throws(() => native().watchdogTimeout(-1), { code: 'EBADF' })
  assert.throws(() => native().watchdogSetTimeout(0, 'long' as never), { code: 'EINVAL' })
})

test('a control group holds its child, limits it, and leaves nobody behind', async () => {
  mkdirSync('/run/groups')
  run('mount', '-t', 'cgroup2', 'none', '/run/groups')
  const root = '/run/groups/diarch'
  const groups = openControlGroups(root)

  const hog = foreign('hog', 'x=$(cat /dev/zero | tr "\\0" x)')
  const site = { controlGroup: groups.prepare('hog', 16), changesUser: false, parent: process.pid }
  const { signal } = spawnSync(...launchCommand(hog, site))
  assert.equal(signal, 'SIGKILL')

  const family = foreign('family', 'sleep 1000 & exit 0')
  const group = groups.prepare('family', null)
  const [command, args] = launchCommand(family, { ...site, controlGroup: group })
  await once(spawn(command, args, { stdio: 'ignore' }), 'exit')
  const members = () => readFileSync(`${group}/cgroup.procs`, 'utf8')
  assert.match(members(), /^\d+\n$/)
  // As the next supervisor does it with what the one before it left.
  openControlGroups(root)
  await until('the grandchild has gone', members, text => text === '')
})

test('without cgroup2 the reason is said', () => {
  assert.throws(() => openControlGroups('/proc/diarch'), /\/proc is no cgroup2 file system/)
})
