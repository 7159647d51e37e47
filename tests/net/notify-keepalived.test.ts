import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import type { NotifyHook } from '../../appliance/vrrp/tracker-config.ts'
import type { RouterEvent } from '../../appliance/vrrp/tracker-messages.ts'
import { keepalived } from '../lab/namespaces/keepalived.ts'
import { openLab } from '../lab/namespaces/lab.ts'
import { hook, lines, master, startScripts } from '../processes/scripts-process.ts'
import { until } from '../processes/supervisor-lab.ts'

/** Ours is told what the real one goes through: FIFO and hooks have to say the same. */

const config = `
  global_defs {
    vrrp_version 3
    script_user root
    enable_script_security
    notify_fifo /run/s/fifo
    vrrp_notify_priority_changes on
  }
  vrrp_script check {
    script "/run/s/check"
    interval 1
    weight -30
  }
  vrrp_sync_group G {
    group {
      VI_1
      VI_2
    }
    sync_group_tracking_weight
    notify "/run/s/hook group"
    notify_master "/run/s/hook group-master"
    notify_fault "/run/s/hook group-fault"
  }
  vrrp_instance VI_1 {
    interface eth0
    virtual_router_id 51
    priority 100
    advert_int 0.1
    virtual_ipaddress { 192.0.2.100/24 }
    track_script {
      check
    }
    notify "/run/s/hook any"
    notify_master "/run/s/hook master with 'two words'"
    notify_backup "/run/s/hook backup"
    notify_fault "/run/s/hook fault"
    notify_stop "/run/s/hook stop"
  }
  vrrp_instance VI_2 {
    interface eth0
    virtual_router_id 52
    priority 90
    advert_int 0.1
    virtual_ipaddress { 192.0.2.101/24 }
  }`

const of = (kind: 'router' | 'group', name: string): NotifyHook['of'] => ({ kind, name })

/** The hooks of that configuration. */
const hooks = (program: string): readonly NotifyHook[] => [
  hook([program, 'group'], { of: of('group', 'G') }),
  hook([program, 'group-master'], { of: of('group', 'G'), on: 'MASTER' }),
  hook([program, 'group-fault'], { of: of('group', 'G'), on: 'FAULT' }),
  hook([program, 'any'], { of: of('router', 'VI_1') }),
  hook([program, 'master', 'with', 'two words'], { of: of('router', 'VI_1'), on: 'MASTER' }),
  hook([program, 'backup'], { of: of('router', 'VI_1'), on: 'BACKUP' }),
  hook([program, 'fault'], { of: of('router', 'VI_1'), on: 'FAULT' }),
  hook([program, 'stop'], { of: of('router', 'VI_1'), on: 'STOP' }),
]

const body = (log: string): string => `echo "$#: $*" >>${log}`

/** All of the sync group come to a state together. */
const together = (state: RouterEvent['state'], priority: number): readonly RouterEvent[] => [
  { ...master, name: 'VI_1', state, priority },
  { ...master, name: 'VI_2', state, priority: 90 },
  { ...master, of: 'group', name: 'G', state, priority },
]

const priority = (state: RouterEvent['state'], value: number): RouterEvent => ({
  ...master,
  what: 'priority',
  state,
  priority: value,
})

/** What VI_1, VI_2 and G said; in keepalived each has its own place in a transition. */
const bySubject = (said: readonly string[]): readonly (readonly string[])[] =>
  ['"VI_1"', '"VI_2"', '"G"'].map(name => said.filter(line => line.includes(name)))

test('FIFO and hooks say what those of keepalived say', async t => {
  const lab = await openLab(t)
  const lan = await lab.switch('lan')
  const one = await lab.host('one')
  const link = await one.plug(lan, { name: 'eth0', address: '192.0.2.1/24' })
  await one.write('/run/s/hook', `#!/bin/bash\n${body('/run/s/log')}\n`)
  await one.write('/run/s/check', '#!/bin/bash\n[ ! -e /run/s/bad ]\n')
  await one.must('chmod', ['755', '/run/s/hook', '/run/s/check'])

  const peer = await keepalived(one, config)
  const reader = await one.start('cat', ['/run/s/fifo'])
  const heard = (line: RegExp, from = 0) => reader.until(line, { from })
  await heard(/GROUP "G" MASTER 0/)
  await one.write('/run/s/bad', '')
  await heard(/"VI_1" MASTER_PRIORITY 70/)
  await link.cut()
  await heard(/GROUP "G" FAULT 0/)
  await one.must('rm', ['/run/s/bad'])
  await heard(/"VI_1" BACKUP_PRIORITY 100/)
  const healed = reader.output.length
  await link.heal()
  await heard(/GROUP "G" MASTER 0/, healed)
  await peer.stop()
  await heard(/GROUP "G" STOP 0/)
  const theirs = reader.output.split('\n').filter(Boolean)

  const events = [
    together('BACKUP', 100),
    together('MASTER', 100),
    [priority('MASTER', 70)],
    together('FAULT', 70),
    [priority('FAULT', 100)],
    together('BACKUP', 100),
    together('MASTER', 100),
    together('STOP', 100),
  ].flat()

  const hooked = await startScripts(t)
  const log = join(hooked.folder, 'log')
  // keepalived runs no script for a change of priority.
  hooked.configure({ notify: { hooks: hooks(hooked.script('hook', body(log))) } })
  hooked.events(...events)
  hooked.tell({ kind: 'stop' })
  await hooked.exited
  const ran = lines(log)
  await until(
    `the ${ran.length} scripts of keepalived have ended`,
    () => lines(one.path('/run/s/log')),
    seen => seen.length >= ran.length,
  )
  assert.deepEqual(ran.sort(), lines(one.path('/run/s/log')).sort())

  const piped = await startScripts(t)
  const fifo = join(piped.folder, 'fifo')
  piped.configure({ notify: { fifo, priorityChanges: true } })
  piped.events(...events)
  const ours = await lab.ground.start('sh', ['-c', `until [ -p ${fifo} ]; do :; done; cat ${fifo}`])
  await ours.until(/GROUP "G" STOP 0/)
  assert.deepEqual(bySubject(ours.stdout.split('\n').filter(Boolean)), bySubject(theirs))
})
