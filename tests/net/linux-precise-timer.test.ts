import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { now } from '../../appliance/linux/monotonic-clock.ts'
import { PreciseTimer } from '../../appliance/linux/precise-timer.ts'
import { after, between, type Duration, milliseconds } from '../../appliance/values/duration.ts'
import './inside-host.ts'

/** One timer that is armed for `wait`, so many times: how late it was each time. */
const lateness = (wait: Duration, times: number): Promise<number[]> =>
  new Promise(resolve => {
    const late: number[] = []
    let due = after(now(), wait)
    const timer = PreciseTimer.open(() => {
      late.push(between(due, now()))
      if (late.length === times) {
        timer.close()
        resolve(late)
        return
      }
      due = after(now(), wait)
      timer.arm(due)
    })
    timer.arm(due)
  })

const quantile = (list: readonly number[], share: number): number =>
  list.toSorted((a, b) => a - b)[Math.ceil(list.length * share) - 1]!

test('a deadline is kept to a fraction of a millisecond, and never early', async t => {
  const late = await lateness(milliseconds(2.078), 400)
  const [median, worst] = [quantile(late, 0.5), quantile(late, 1)]
  t.diagnostic(`late by ${median.toFixed(3)} ms (median), ${worst.toFixed(3)} ms (worst of 400)`)
  assert.ok(Math.min(...late) > -0.01, `${Math.min(...late)} ms early`)
  assert.ok(median < 0.5, `half of them were later than ${median} ms`)
})

test('what is shorter than a millisecond takes less than a millisecond', async () => {
  const late = await lateness(milliseconds(0.078), 400)
  assert.ok(quantile(late, 0.5) < 0.5, `half of them were later than ${quantile(late, 0.5)} ms`)
})

/** Ends when a deadline far behind those under test has come. */
const settled = (): Promise<void> =>
  new Promise(resolve => {
    const timer = PreciseTimer.open(() => {
      timer.close()
      resolve()
    })
    timer.arm(after(now(), milliseconds(60)))
  })

test('a deadline of the past comes at once, and only once', async () => {
  let expired = 0
  const timer = PreciseTimer.open(() => {
    expired++
  })
  timer.arm(after(now(), milliseconds(-50_000)))
  assert.equal(expired, 0)
  await settled()
  timer.close()
  assert.equal(expired, 1)
})

test('a deadline can be replaced and taken back, also when it has passed unseen', async () => {
  const expired: string[] = []
  const [replaced, disarmed, closed] = ['replaced', 'disarmed', 'closed'].map(name =>
    PreciseTimer.open(() => expired.push(name)),
  )
  const soon = after(now(), milliseconds(5))
  for (const timer of [replaced, disarmed, closed]) timer?.arm(soon)
  while (now() < soon + 5);
  replaced?.arm(after(now(), milliseconds(20)))
  disarmed?.disarm()
  disarmed?.disarm()
  closed?.close()
  closed?.close()
  assert.deepEqual(expired, [])
  await settled()
  assert.deepEqual(expired, ['replaced'])
  replaced?.close()
  disarmed?.close()
})

test('of two that have expired the first to be told can take the other back', async () => {
  const told: number[] = []
  const timers = [0, 1].map(own =>
    PreciseTimer.open(() => {
      told.push(own)
      timers[1 - own]?.disarm()
    }),
  )
  for (const timer of timers) timer.arm(now())
  await settled()
  for (const timer of timers) timer.close()
  assert.equal(told.length, 1)
})

const careless = (how: string) => {
  const program = join(import.meta.dirname, 'inside/careless.ts')
  return spawnSync(process.execPath, [program, JSON.stringify({ how })], {
    encoding: 'utf8',
    timeout: 20_000,
  })
}

test('what a callback throws reaches the process, and the timer goes on', () => {
  const { stdout, status } = careless('throws')
  assert.equal(stdout, '{"thrown":"of the callback"}\n{"expired":2}\n')
  assert.equal(status, 0)
})

test('a process and a thread can end with a timer open', () => {
  const { signal, status } = careless('exits')
  assert.deepEqual([signal, status], [null, 7])
  const thread = careless('ends-thread')
  assert.deepEqual([thread.signal, thread.status, thread.stderr], [null, 0, ''])
})

test('closed timers leave nothing open', async () => {
  const descriptors = (): number => readdirSync('/proc/self/fd').length
  const before = descriptors()
  for (let i = 0; i < 2000; i++) PreciseTimer.open(() => {}).close()
  await settled()
  assert.equal(descriptors(), before)
})
