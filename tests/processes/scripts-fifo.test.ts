import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { hook, startScripts } from './scripts-process.ts'
import { until } from './supervisor-lab.ts'

/** Reads a FIFO as people do, as soon as it is there. */
async function reader(t: TestContext, path: string) {
  await until(
    `${path} is there`,
    () => existsSync(path),
    there => there,
  )
  const child = spawn('cat', [path], { stdio: ['ignore', 'pipe', 'inherit'] })
  t.after(() => child.kill('SIGKILL'))
  let text = ''
  child.stdout.setEncoding('utf8').on('data', (part: string) => {
    text += part
  })
  return { child, seen: () => text.split('\n').filter(Boolean) }
}

test('the FIFO is made where it is missing, and holds lines until somebody reads', async t => {
  const scripts = await startScripts(t)
  const fifo = join(scripts.folder, 'fifo')
  scripts.configure({ notify: { fifo, priorityChanges: true } })
  scripts.events({ state: 'BACKUP' }, {}, { of: 'group', name: 'G' })
  scripts.events({ what: 'priority', priority: 70 })
  const mark = scripts.script('mark', 'exit 0')
  scripts.configure({ notify: { fifo, priorityChanges: true, hooks: [hook([mark])] } })
  scripts.events({ state: 'FAULT', priority: 70 })
  await scripts.untilNotified(1)
  const late = await reader(t, fifo)
  await until('all lines', late.seen, seen => seen.length >= 5)
  assert.deepEqual(late.seen(), [
    'INSTANCE "VI_1" BACKUP 100',
    'INSTANCE "VI_1" MASTER 100',
    'GROUP "G" MASTER 0',
    'INSTANCE "VI_1" MASTER_PRIORITY 70',
    'INSTANCE "VI_1" FAULT 70',
  ])
  late.child.kill('SIGKILL')
  await once(late.child, 'exit')
  scripts.events({ state: 'BACKUP', priority: 70 })
  const again = await reader(t, fifo)
  await until('the line between two readers', again.seen, seen => seen.length === 1)
  assert.deepEqual(again.seen(), ['INSTANCE "VI_1" BACKUP 70'])
  assert.deepEqual(scripts.troubles, [])
})

test('a reader that stalls blocks nothing: it loses lines, but not the latest', async t => {
  const scripts = await startScripts(t)
  const fifo = join(scripts.folder, 'fifo')
  const mark = scripts.script('mark', 'exit 0')
  const hooks = [hook([mark], { of: { kind: 'router', name: 'last' } })]
  scripts.configure({ notify: { fifo, hooks } })
  const stalled = await reader(t, fifo)
  stalled.child.kill('SIGSTOP')
  const count = 6000
  // Of one length: a shorter line may fit where a longer one did not.
  const priorities = Array.from({ length: count }, (_, index) => 100 + (index % 100))
  scripts.events(...priorities.map(priority => ({ priority })))
  scripts.events({ state: 'BACKUP', priority: 42 }, { name: 'last' })
  await scripts.untilNotified(1)
  const [trouble] = scripts.troubles
  assert.deepEqual([trouble?.path, trouble?.why], [fifo, 'it is full: nobody reads it'])
  stalled.child.kill('SIGCONT')
  await until('the last line', stalled.seen, seen => seen.at(-1) === 'INSTANCE "last" MASTER 100')
  assert.equal(stalled.seen().at(-2), 'INSTANCE "VI_1" BACKUP 42')
  const got = stalled.seen().length
  assert.ok(got > 1000 && got < count, `${got} of ${count}`)
  const whole = priorities.map(priority => `INSTANCE "VI_1" MASTER ${priority}`)
  assert.deepEqual(stalled.seen().slice(0, -2), whole.slice(0, got - 2))
  assert.ok(whole.slice(0, got - 2).join('\n').length < 64 * 1024, 'only the latest were kept')
})

test('a FIFO that somebody removed is made again', async t => {
  const scripts = await startScripts(t)
  const fifo = join(scripts.folder, 'fifo')
  scripts.configure({ notify: { fifo } })
  scripts.events({ state: 'BACKUP' })
  const first = await reader(t, fifo)
  await until('the first line', first.seen, seen => seen.length === 1)
  rmSync(fifo)
  scripts.events({})
  const second = await reader(t, fifo)
  await until('the next line', second.seen, seen => seen.length === 1)
  assert.deepEqual(second.seen(), ['INSTANCE "VI_1" MASTER 100'])
  assert.deepEqual(scripts.troubles, [])
})

test('a FIFO that cannot be is said at once, and its lines wait until it can', async t => {
  const scripts = await startScripts(t)
  const fifo = join(scripts.folder, 'fifo')
  writeFileSync(fifo, 'mine')
  scripts.configure({ notify: { fifo } })
  const [trouble] = await until(
    'it is said',
    () => scripts.troubles,
    seen => seen.length > 0,
  )
  assert.equal(trouble?.lines, 0)
  assert.match(trouble?.why ?? '', /fifo is not a FIFO: remove it, or name another path/)
  scripts.events({})
  scripts.events({ name: 'VI_2', state: 'BACKUP' })
  rmSync(fifo)
  const now = await reader(t, fifo)
  await until('both lines', now.seen, seen => seen.length === 2)
  assert.deepEqual(now.seen(), ['INSTANCE "VI_1" MASTER 100', 'INSTANCE "VI_2" BACKUP 100'])
})
