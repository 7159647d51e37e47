import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { before, test } from 'node:test'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { ringLimit } from '../../appliance/supervision/log-ring.ts'
import { milliseconds, seconds } from '../../appliance/values/duration.ts'
import {
  compileNative,
  foreign,
  isAlive,
  speaking,
  startChildren,
  temporaryFolder,
  until,
} from './supervisor-lab.ts'

before(compileNative)

test('a child that exits is started again, each time after a longer wait', async t => {
  const { events, state } = startChildren(t, foreign('crash', 'echo oops; exit 3'))
  await until(
    'it failed four times',
    () => state('crash')?.record.failures ?? 0,
    failures => failures >= 4,
  )
  const waits = events
    .map((event, index) => ({ event, next: events[index + 1] }))
    .filter(({ event, next }) => event.state === 'backing-off' && next?.state === 'starting')
    .map(({ event, next }) => (next?.at ?? 0) - event.at)
  for (const [index, least] of [100, 200, 400].entries()) {
    assert.ok((waits[index] ?? 0) >= least, `waits: ${waits.join(', ')}`)
  }
  assert.match(state('crash')?.record.lastFailure ?? '', /^exited with code 3$/)
})

test('a child that does not exist is backed off, with the reason in its log', async t => {
  const { lines, is, state } = startChildren(
    t,
    foreign('none', '', { command: ['/nonexistent/program'] }),
  )
  await is('none', 'backing-off')
  await until(
    'its log',
    () => lines('none').join(),
    text => text.includes('No such file'),
  )
  assert.match(state('none')?.record.lastFailure ?? '', /exited with code 127/)
})

test('a stopped child that speaks is found silent, killed for good, and started again', async t => {
  const { is, pid, state } = startChildren(
    t,
    speaking('web', '', { silentLimit: seconds(1), restart: slowRestart }),
  )
  await is('web', 'running')
  const first = pid('web')
  process.kill(first, 'SIGSTOP')
  await is('web', 'backing-off')
  assert.equal(isAlive(first), false)
  assert.equal(state('web')?.record.lastFailure, 'was silent for 1 s')
  await is('web', 'running')
  assert.notEqual(pid('web'), first)
})

test('a child that speaks and says that it gets nothing done is killed for that', async t => {
  const script = `const send = process.send.bind(process)
    process.send = message => send({ ...message, stuck: 'its queue does not move' })`
  const own = { silentLimit: seconds(1), restart: slowRestart }
  const { is, state } = startChildren(t, speaking('web', script, own))
  await is('web', 'running')
  await is('web', 'backing-off')
  assert.equal(state('web')?.record.lastFailure, 'hung for 1 s: its queue does not move')
})

const slowRestart = {
  when: 'always',
  firstWait: milliseconds(500),
  factor: 1,
  longestWait: seconds(1),
  forgetAfter: seconds(60),
} as const

test('a child that never says ready is killed, and its grandchildren with it', async t => {
  const folder = temporaryFolder()
  const file = join(folder, 'pid')
  const { is, state } = startChildren(
    t,
    foreign('mute', `sleep 1000 & echo $! >${file}; wait`, {
      ready: { by: 'message', within: seconds(2) },
      restart: { ...slowRestart, firstWait: seconds(30), longestWait: seconds(30) },
    }),
  )
  await is('mute', 'backing-off')
  assert.equal(state('mute')?.record.lastFailure, 'was not ready within 2 s')
  const grandchild = Number(readFileSync(file, 'utf8'))
  await until(
    'the grandchild has gone',
    () => isAlive(grandchild),
    alive => !alive,
  )
})

test('a stall of the supervisor itself is not held against its children', async t => {
  const { is, pid } = startChildren(t, speaking('web', '', { silentLimit: seconds(2) }))
  await is('web', 'running')
  const first = pid('web')
  // The child is stopped as well, as on a box that was paused: it could not speak.
  process.kill(first, 'SIGSTOP')
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 4000)
  process.kill(first, 'SIGCONT')
  await new Promise(resolve => setTimeout(resolve, 1000))
  await is('web', 'running')
  assert.equal(pid('web'), first)
})

test('a flood of output costs bounded time and does not hide the other children', async t => {
  const { is, lines, pid, children } = startChildren(
    t,
    foreign('flood', 'exec yes "a line of the flood"'),
    foreign('endless', "exec tr '\\0' x </dev/zero"),
    foreign('quiet', 'echo hello; exec sleep 1000'),
  )
  await is('flood', 'running')
  await until(
    'hello',
    () => lines('quiet'),
    seen => seen.includes('hello'),
  )
  const read = () => (children.log('flood')?.dropped() ?? 0) + lines('flood').length
  await until('the ring is full', read, n => n >= ringLimit)
  const before = { lines: read(), at: performance.now() }
  await new Promise(resolve => setTimeout(resolve, 3000))
  const bytes = (read() - before.lines) * 'a line of the flood\n'.length
  const bytesPerSecond = bytes / ((performance.now() - before.at) / 1000)
  assert.ok(bytesPerSecond < 700_000, `read ${bytesPerSecond} bytes a second`)
  assert.ok(bytes > 0, 'it goes on')
  assert.ok(lines('flood').every(line => line === 'a line of the flood'))
  assert.deepEqual([...new Set(lines('endless').map(line => line.length))], [2048 + 6])
  assert.ok(isAlive(pid('flood')))
})

test('a kept line does not keep the text around it in memory', async t => {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  const program = `
    for (let i = 0; i < 30; i++) console.log('a short line in much text\\n' + 'x'.repeat(65_000))`
  const { lines } = startChildren(
    t,
    foreign('wordy', '', {
      command: [process.execPath, '-e', `setTimeout(() => {${program}}, 1000)`],
      restart: { ...slowRestart, firstWait: seconds(60), longestWait: seconds(60) },
    }),
  )
  collect()
  const before = process.memoryUsage().heapUsed
  await until(
    'all lines',
    () => lines('wordy').length,
    n => n === 60,
  )
  collect()
  const grown = (process.memoryUsage().heapUsed - before) / 1024
  assert.ok(grown < 1000, `${grown} KiB for 60 lines of at most 2 KiB`)
})

test('starts in order and stops in the opposite order', async t => {
  const folder = temporaryFolder()
  const file = join(folder, 'order')
  writeFileSync(file, '')
  const program = (name: string, order: number) =>
    speaking(
      name,
      `const { appendFileSync } = require('fs')
       const note = text => appendFileSync('${file}', text + ' ${name}\\n')
       note('up')
       process.removeAllListeners('message')
       process.on('message', m => {
         if (m.kind === 'stop') setTimeout(() => { note('down'); process.exit(0) }, 100)
       })`,
      { order },
    )
  const { is, children } = startChildren(
    t,
    program('third', 3),
    program('first', 1),
    program('second', 2),
  )
  await is('third', 'running')
  await until(
    'all are up',
    () => readFileSync(file, 'utf8'),
    text => text.split('\n').length > 3,
  )
  await children.stopAll()
  assert.deepEqual(readFileSync(file, 'utf8').trim().split('\n'), [
    'up first',
    'up second',
    'up third',
    'down third',
    'down second',
    'down first',
  ])
})

test('a stubborn child is killed when its time is over', async t => {
  const { is, pid, lines, children } = startChildren(
    t,
    foreign('stubborn', 'trap "echo no" TERM; echo set; while :; do sleep 0.1; done', {
      stopWithin: seconds(1),
    }),
  )
  await is('stubborn', 'running')
  await until(
    'the trap is set',
    () => lines('stubborn'),
    seen => seen.includes('set'),
  )
  const stubborn = pid('stubborn')
  const began = performance.now()
  await children.stopAll()
  const took = performance.now() - began
  assert.equal(isAlive(stubborn), false)
  assert.ok(took >= 990 && took < 5000, `took ${took} ms`)
  assert.ok(lines('stubborn').includes('no'), 'it was asked before it was killed')
})

test('a restart on request is no failure and does not wait', async t => {
  const { is, pid, state, children } = startChildren(t, speaking('web'))
  await is('web', 'running')
  const first = pid('web')
  assert.equal(children.restart('web'), true)
  assert.equal(children.restart('nobody'), false)
  await until(
    'another process',
    () => state('web'),
    s => s?.kind === 'running' && s.pid !== first,
  )
  assert.deepEqual(state('web')?.record, {
    restarts: 1,
    failures: 0,
    failingSince: null,
    lastFailure: null,
  })
})

test('strange messages over the channel are refused and change nothing', async t => {
  const { is, lines } = startChildren(
    t,
    speaking('web', 'process.send({ kind: "status" }); process.send("stop"); process.send(null)'),
  )
  await is('web', 'running')
  await until(
    'three refusals',
    () => lines('web').length,
    n => n >= 3,
  )
  await is('web', 'running')
  assert.match(lines('web')[0] ?? '', /none of ours/)
})

test('a child that does not read its messages does not fill our memory', async t => {
  const { is, children } = startChildren(
    t,
    speaking('deaf', 'setTimeout(() => { for (;;); }, 100)', { silentLimit: seconds(600) }),
  )
  await is('deaf', 'running')
  const message = { kind: 'status', status: { filler: 'x'.repeat(1 << 20) } } as never
  const before = process.memoryUsage().rss
  for (let i = 0; i < 300; i++) {
    children.tellStatus(message)
    if (i % 50 === 0) await new Promise(resolve => setTimeout(resolve, 20))
  }
  const grown = (process.memoryUsage().rss - before) / 2 ** 20
  assert.ok(grown < 60, `grew by ${grown} MiB`)
})
