import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { before, test } from 'node:test'
import { milliseconds, seconds } from '../../appliance/values/duration.ts'
import { hook, isRunning, lines, startScripts } from './scripts-process.ts'
import { until } from './supervisor-lab.ts'

before(() => {
  assert.equal(process.getuid?.(), 0, 'run these tests as root: only root can become others')
})

test('a hook hears what happened, and its result is kept', async t => {
  const scripts = await startScripts(t)
  const script = scripts.script('notify', 'echo "first"; echo "$# $*"; exit 4')
  scripts.configure({ notify: { hooks: [hook([script, 'a b'])] } })
  scripts.events({})
  const [result] = await scripts.untilNotified(1)
  const { at, durationMs, ...rest } = result!
  assert.deepEqual(rest, {
    kind: 'notified',
    of: 'router',
    name: 'VI_1',
    state: 'MASTER',
    command: [script, 'a b', 'INSTANCE', 'VI_1', 'MASTER', '100'],
    outcome: { how: 'exited', code: 4 },
    lastLine: '5 a b INSTANCE VI_1 MASTER 100',
  })
  assert.ok(Math.abs(Date.parse(at) - Date.now()) < 30_000)
  assert.ok(durationMs >= 0 && durationMs < 30_000)
})

test('hooks of one router run in order, one at a time; others do not wait', async t => {
  const scripts = await startScripts(t)
  const log = join(scripts.folder, 'log')
  const gate = join(scripts.folder, 'gate')
  const body = `echo "begin $2 $3 $4" >>${log}
    [ $2 = VI_2 ] || [ $3 != MASTER ] || for round in {1..3000}; do
      [ -e ${gate} ] && break; sleep 0.02; done
    echo "end $2 $3 $4" >>${log}`
  scripts.configure({ notify: { hooks: [hook([scripts.script('notify', body)])] } })
  scripts.events({ state: 'MASTER' }, { state: 'BACKUP' }, { state: 'MASTER', priority: 50 })
  scripts.events({ name: 'VI_2' }, { name: 'VI_2', state: 'FAULT' })
  const own = (name: string) => lines(log).filter(line => line.includes(name))
  await until(
    'the other router’s hooks have run',
    () => own('VI_2'),
    seen => seen.length === 4,
  )
  assert.deepEqual(own('VI_1'), ['begin VI_1 MASTER 100'])
  writeFileSync(gate, '')
  await scripts.untilNotified(5)
  assert.deepEqual(own('VI_1'), [
    'begin VI_1 MASTER 100',
    'end VI_1 MASTER 100',
    'begin VI_1 BACKUP 100',
    'end VI_1 BACKUP 100',
    'begin VI_1 MASTER 50',
    'end VI_1 MASTER 50',
  ])
})

test('a hook that hangs is ended in its time, and the next one runs', async t => {
  const scripts = await startScripts(t)
  const pids = join(scripts.folder, 'pids')
  const body = `[ $3 = BACKUP ] && exit 0; trap '' TERM; echo waiting
    sleep 1000 & echo $! $$ >${pids}; for round in {1..600}; do wait; sleep 0.1; done`
  const slow = hook([scripts.script('notify', body)], { timeout: milliseconds(400) })
  scripts.configure({ notify: { hooks: [slow] } })
  scripts.events({}, { state: 'BACKUP' })
  const [first, second] = await scripts.untilNotified(2)
  assert.deepEqual(first?.outcome, { how: 'timeout', afterMs: 400 })
  assert.equal(first?.lastLine, 'waiting')
  assert.deepEqual([second?.state, second?.outcome], ['BACKUP', { how: 'exited', code: 0 }])
  const left = lines(pids)[0]?.split(' ').map(Number) ?? []
  assert.equal(left.length, 2)
  assert.deepEqual(left.filter(isRunning), [])
})

test('a hook that cannot run says why, and one that crashes by which signal', async t => {
  const scripts = await startScripts(t)
  const open = scripts.script('open', 'exit 0', 0o777)
  const crash = scripts.script('crash', 'kill -SEGV $$')
  scripts.configure({ notify: { hooks: [hook([open]), hook([crash])] } })
  scripts.events({})
  const [first, second] = await scripts.untilNotified(2)
  assert.equal(first?.outcome.how, 'refused')
  assert.match(JSON.stringify(first?.outcome), /open has mode 0777, others may write there/)
  assert.deepEqual(second?.outcome, { how: 'killed', signal: 'SIGSEGV' })
})

test('as another user', async t => {
  const scripts = await startScripts(t)
  const script = scripts.script('notify', 'id -un')
  scripts.configure({ notify: { hooks: [hook([script], { user: 'nobody' })] } })
  scripts.events({})
  assert.equal((await scripts.untilNotified(1))[0]?.lastLine, 'nobody')
})

test('a service that a hook started goes on, and may go on writing', async t => {
  const scripts = await startScripts(t)
  const [pids, alive] = [join(scripts.folder, 'pids'), join(scripts.folder, 'alive')]
  const service = `while echo noise; do echo x >>${alive}; sleep 0.02; done`
  const body = `(${service}) & echo $! >${pids}; echo started`
  scripts.configure({ notify: { hooks: [hook([scripts.script('notify', body)])] } })
  scripts.events({})
  const [result] = await scripts.untilNotified(1)
  assert.deepEqual(result?.outcome, { how: 'exited', code: 0 })
  const pid = Number(lines(pids)[0])
  t.after(() => isRunning(pid) && process.kill(pid, 'SIGKILL'))
  const seen = lines(alive).length
  await until(
    'it has written on',
    () => lines(alive).length,
    count => count > seen + 10,
  )
  assert.ok(isRunning(pid))
})

test('too many events for a slow hook: the oldest are dropped, and that is said', async t => {
  const scripts = await startScripts(t)
  const gate = join(scripts.folder, 'gate')
  const log = join(scripts.folder, 'log')
  const body = `echo $4 >>${log}
    for round in {1..3000}; do [ -e ${gate} ] && break; sleep 0.02; done`
  scripts.configure({ notify: { hooks: [hook([scripts.script('notify', body)])] } })
  scripts.events(...Array.from({ length: 104 }, (_, index) => ({ priority: index + 1 })))
  const dropped = await scripts.untilNotified(3)
  assert.deepEqual(
    dropped.map(({ command }) => command.at(-1)),
    ['2', '3', '4'],
  )
  const why = '100 hooks of VI_1 waited already'
  assert.deepEqual(dropped[0]?.outcome, { how: 'dropped', why })
  writeFileSync(gate, '')
  await scripts.untilNotified(104)
  assert.deepEqual(lines(log).slice(0, 2), ['1', '5'])
  assert.equal(lines(log).at(-1), '104')
})

test('asked to stop, it lets the hooks of the last events finish', async t => {
  const scripts = await startScripts(t)
  const log = join(scripts.folder, 'log')
  const body = `sleep 0.2; echo $2 $3 >>${log}`
  scripts.configure({ notify: { hooks: [hook([scripts.script('notify', body)])] } })
  scripts.events({ state: 'BACKUP' }, { state: 'STOP' }, { name: 'VI_2', state: 'STOP' })
  scripts.tell({ kind: 'stop' })
  assert.deepEqual(await scripts.exited, { code: 0, signal: null })
  assert.deepEqual(lines(log).sort(), ['VI_1 BACKUP', 'VI_1 STOP', 'VI_2 STOP'])
  assert.equal(scripts.notified.length, 3)
})

test('when the supervisor dies, a hook that runs dies too', async t => {
  const scripts = await startScripts(t)
  const pids = join(scripts.folder, 'pids')
  const body = `trap '' TERM; echo $$ >${pids}; sleep 1000`
  scripts.configure({
    notify: { hooks: [hook([scripts.script('notify', body)], { timeout: seconds(900) })] },
  })
  scripts.events({}, { state: 'BACKUP' })
  const [pid] = await until(
    'it runs',
    () => lines(pids).map(Number),
    seen => seen.length === 1,
  )
  scripts.child.disconnect()
  assert.deepEqual(await scripts.exited, { code: 0, signal: null })
  await until(
    'it has ended',
    () => isRunning(pid!),
    running => !running,
  )
})
