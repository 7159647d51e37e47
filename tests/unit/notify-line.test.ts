import assert from 'node:assert/strict'
import { test } from 'node:test'
import { seconds } from '../../appliance/values/duration.ts'
import { fifoLine, hookCalls, notifyWords } from '../../appliance/vrrp/notify-line.ts'
import type { NotifyHook } from '../../appliance/vrrp/tracker-config.ts'
import type { RouterEvent } from '../../appliance/vrrp/tracker-messages.ts'

const router: RouterEvent = {
  of: 'router',
  name: 'VI_1',
  what: 'state',
  state: 'MASTER',
  priority: 100,
  at: '2026-01-01T00:00:00Z',
}
const all = { priorityChanges: true }

function line(event: Partial<RouterEvent>, config = all): string | null {
  const words = notifyWords({ ...router, ...event }, config)
  return words === null ? null : fifoLine(words)
}

for (const [event, expected] of [
  [{}, 'INSTANCE "VI_1" MASTER 100\n'],
  [{ state: 'BACKUP', priority: 70 }, 'INSTANCE "VI_1" BACKUP 70\n'],
  [{ state: 'FAULT' }, 'INSTANCE "VI_1" FAULT 100\n'],
  [{ state: 'STOP' }, 'INSTANCE "VI_1" STOP 100\n'],
  [{ what: 'priority', priority: 70 }, 'INSTANCE "VI_1" MASTER_PRIORITY 70\n'],
  [{ what: 'priority', state: 'BACKUP' }, 'INSTANCE "VI_1" BACKUP_PRIORITY 100\n'],
  [{ what: 'priority', state: 'FAULT' }, 'INSTANCE "VI_1" BACKUP_PRIORITY 100\n'],
  [{ of: 'group', name: 'G' }, 'GROUP "G" MASTER 0\n'],
  [{ of: 'group', what: 'priority' }, null],
] as const) {
  test(`${JSON.stringify(event)} is said as ${JSON.stringify(expected)}`, () => {
    assert.equal(line(event), expected)
  })
}

test('changes of priority are said only where that is asked for', () => {
  assert.equal(line({ what: 'priority' }, { priorityChanges: false }), null)
  assert.equal(line({}, { priorityChanges: false }), 'INSTANCE "VI_1" MASTER 100\n')
})

const hook = (name: string, own: Partial<NotifyHook> = {}): NotifyHook => ({
  of: null,
  on: null,
  command: [`/bin/${name}`, 'own'],
  user: null,
  timeout: seconds(60),
  ...own,
})

function calls(event: Partial<RouterEvent>, ...hooks: NotifyHook[]): string[] {
  const whole = { ...router, ...event }
  const words = notifyWords(whole, all)
  assert.ok(words)
  return hookCalls(whole, words, hooks).map(({ command }) => command.join(' '))
}

test('a hook for every state is told what happened, after its own arguments', () => {
  assert.deepEqual(calls({}, hook('any')), ['/bin/any own INSTANCE VI_1 MASTER 100'])
  assert.deepEqual(calls({ of: 'group', name: 'G', state: 'STOP' }, hook('any')), [
    '/bin/any own GROUP G STOP 0',
  ])
})

test('a hook for one state gets its own arguments alone, and comes first', () => {
  assert.deepEqual(
    calls({}, hook('any'), hook('master', { on: 'MASTER' }), hook('fault', { on: 'FAULT' })),
    ['/bin/master own', '/bin/any own INSTANCE VI_1 MASTER 100'],
  )
})

test('a hook of one router hears nothing of others, nor of a group of the same name', () => {
  const mine = hook('mine', { of: { kind: 'router', name: 'VI_1' } })
  const group = hook('group', { of: { kind: 'group', name: 'VI_1' } })
  assert.deepEqual(calls({}, mine, group), ['/bin/mine own INSTANCE VI_1 MASTER 100'])
  assert.deepEqual(calls({ name: 'VI_2' }, mine, group), [])
  assert.deepEqual(calls({ of: 'group' }, mine, group), ['/bin/group own GROUP VI_1 MASTER 0'])
})

test('a change of priority is no change of state for a hook of that state', () => {
  assert.deepEqual(calls({ what: 'priority' }, hook('master', { on: 'MASTER' }), hook('any')), [
    '/bin/any own INSTANCE VI_1 MASTER_PRIORITY 100',
  ])
})
