import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { Pace, Probe } from '../../appliance/health/check.ts'
import { type Due, DueQueue } from '../../appliance/health/due-queue.ts'
import { ProbeSchedule, type Start } from '../../appliance/health/probe-schedule.ts'
import { type Instant, instant, milliseconds, seconds } from '../../appliance/values/duration.ts'
import { address, asked, tcp } from './health-words.ts'

const probes = (count: number, changes: Partial<Pace> = {}, kind: 'tcp' | 'script' = 'tcp') =>
  new Map<string, Probe>(
    Array.from({ length: count }, (_, n) => {
      const { check, target } = asked(tcp('web', changes), address(n))
      const script = { kind: 'script', command: ['/bin/true'], user: null, dynamic: false } as const
      const question = kind === 'script' ? script : check.question
      return [`p${n}`, { id: `p${n}`, check: { ...check, question }, target }]
    }),
  )

type Started = Start & { readonly at: number }

/** Runs it from wake to wake; each run ends after `took`, null: never by itself. */
function drive(schedule: ProbeSchedule, from: number, until: number, took: number | null) {
  const starts: Started[] = []
  const overdue: { readonly id: string; readonly at: number }[] = []
  const running: { readonly start: Start; readonly endsAt: number }[] = []
  let wakes = 0
  let now = from
  for (;;) {
    const next = Math.min(schedule.wakeAt() ?? Infinity, running[0]?.endsAt ?? Infinity)
    if (next > until) return { starts, overdue, wakes }
    now = Math.max(now, next)
    wakes += 1
    while ((running[0]?.endsAt ?? Infinity) <= now) {
      const { start } = running.shift()!
      schedule.ended(start.probe.id, start.run, false, instant(now))
    }
    const due = schedule.due(instant(now))
    for (const start of due.starts) {
      starts.push({ ...start, at: now })
      if (took !== null) running.push({ start, endsAt: now + took })
    }
    for (const { probe, run } of due.overdue) {
      overdue.push({ id: probe.id, at: now })
      schedule.ended(probe.id, run, true, instant(now))
    }
  }
}

const of = (starts: readonly Started[], id: string) => starts.filter(each => each.probe.id === id)

test('the first round is over within a second, spread evenly, whatever the interval', () => {
  const schedule = new ProbeSchedule()
  schedule.configure(probes(100, { interval: seconds(30) }), 0.5, instant(0))
  const { starts } = drive(schedule, 0, 1000, 1)
  assert.equal(new Set(starts.map(({ probe }) => probe.id)).size, 100)
  for (let at = 0; at < 1000; at += 100) {
    const within = starts.filter(each => each.at >= at && each.at < at + 100).length
    assert.ok(within >= 8 && within <= 14, `${within} of 100 began in the 100 ms from ${at}`)
  }
})

test('later rounds are spread over the interval and lie on a grid without drift', () => {
  const schedule = new ProbeSchedule()
  schedule.configure(probes(100, { interval: seconds(30) }), 0.5, instant(0))
  const { starts } = drive(schedule, 0, 3_600_000, 7)
  const second = of(starts, 'p50').map(({ at, late }) => at - late)
  const steps = second.slice(2).map((at, index) => at - second[index + 1]!)
  assert.ok(steps.length > 100)
  for (const step of steps) assert.ok(Math.abs(step - 30_000) < 1e-6, `${step} ms between two`)
  const round = starts.filter(({ at }) => at >= 60_000 && at < 90_000)
  for (let at = 60_000; at < 90_000; at += 3000) {
    const within = round.filter(each => each.at >= at && each.at < at + 3000).length
    assert.ok(within >= 9 && within <= 11, `${within} of 100 began in the 3 s from ${at}`)
  }
})

test('warm-up spreads the first round over itself', () => {
  const schedule = new ProbeSchedule()
  schedule.configure(probes(100, { warmUp: seconds(20) }), 0, instant(0))
  const { starts } = drive(schedule, 0, 10_000, 1)
  const begun = new Set(starts.map(({ probe }) => probe.id)).size
  assert.ok(begun >= 49 && begun <= 52, `${begun} of 100 in the first half`)
})

test('2,000 probes a second wake the box at most 200 times, none later than 5 ms', () => {
  const schedule = new ProbeSchedule()
  schedule.configure(probes(2000), 0.5, instant(0))
  const { starts } = drive(schedule, 0, 5000, 0)
  assert.ok(starts.length >= 2000 * 4.9, `${starts.length} starts`)
  assert.ok(Math.max(...starts.map(({ late }) => late)) <= 5)
  assert.ok(new Set(starts.map(({ at }) => at)).size <= 1001)
})

test('after a stall the probes go on spread, not in one burst', () => {
  const schedule = new ProbeSchedule()
  schedule.configure(probes(100), 0.5, instant(0))
  drive(schedule, 0, 3000, 1)
  const { starts } = drive(schedule, 8000, 9100, 1)
  assert.equal(new Set(starts.map(({ probe }) => probe.id)).size, 100)
  const atOnce = starts.filter(({ at }) => at < 8010).length
  assert.ok(atOnce <= 30, `${atOnce} of 100 at once`)
})

test('a box that is always late asks all the same', () => {
  const schedule = new ProbeSchedule()
  schedule.configure(probes(10), 0.5, instant(0))
  let asked = 0
  for (let now = 0; now < 60_000; now += 3000) {
    for (const { probe, run } of schedule.due(instant(now)).starts) {
      asked += 1
      schedule.ended(probe.id, run, false, instant(now))
    }
  }
  assert.ok(asked >= 90, `${asked} of 200 possible`)
})

test('in doubt it is asked after retryInterval, then on its old grid', () => {
  const schedule = new ProbeSchedule()
  const changes = { interval: seconds(10), retryInterval: seconds(2) }
  schedule.configure(probes(1, changes), 0, instant(0))
  const begin = (now: number) => {
    assert.equal(schedule.wakeAt(), now)
    const [start] = schedule.due(instant(now)).starts
    return start!.run
  }
  schedule.ended('p0', begin(0), true, instant(300))
  schedule.ended('p0', begin(2000), true, instant(2300))
  schedule.ended('p0', begin(4000), false, instant(4300))
  schedule.ended('p0', begin(10_000), false, instant(10_300))
  begin(20_000)
})

test('a run that takes longer than its timeout is overdue; the retry follows', () => {
  const schedule = new ProbeSchedule()
  const changes = { interval: seconds(10), retryInterval: seconds(1), timeout: seconds(3) }
  schedule.configure(probes(1, changes), 0, instant(0))
  const { starts, overdue } = drive(schedule, 0, 6500, null)
  assert.deepEqual(
    overdue.map(({ at }) => at),
    [3020, 6040],
  )
  assert.deepEqual(
    starts.map(({ at }) => at),
    [0, 3020, 6040],
  )
})

test('after a stall an answer that may lie in the socket gets its chance, once', () => {
  const schedule = new ProbeSchedule()
  schedule.configure(probes(1), 0, instant(0))
  const [start] = schedule.due(instant(0)).starts
  assert.deepEqual(schedule.due(instant(1500)).overdue, [])
  assert.equal(schedule.tookOf('p0', start!.run, instant(1500)), 1500)
  assert.equal(schedule.due(instant(1505)).overdue.length, 1)
})

test('a late finding of an earlier run is nobody’s', () => {
  const schedule = new ProbeSchedule()
  schedule.configure(probes(1), 0, instant(0))
  const [start] = schedule.due(instant(0)).starts
  schedule.ended('p0', start!.run, false, instant(10))
  assert.equal(schedule.tookOf('p0', start!.run, instant(20)), null)
  schedule.ended('p0', start!.run, true, instant(20))
  assert.equal(schedule.wakeAt(), 1000)
  const [second] = schedule.due(instant(1000)).starts
  assert.equal(schedule.tookOf('p0', start!.run, instant(1200)), null)
  schedule.ended('p0', start!.run, true, instant(1200))
  assert.equal(schedule.tookOf('p0', second!.run, instant(1200)), 200)
})

test('no more run at once than there are places; who came first starts first', () => {
  const schedule = new ProbeSchedule({ sockets: 3, scripts: 1 })
  schedule.configure(
    probes(10, { interval: milliseconds(100), timeout: seconds(9) }),
    0,
    instant(0),
  )
  const first = schedule.due(instant(95)).starts
  assert.deepEqual([schedule.asking, schedule.waiting], [3, 7])
  schedule.ended(first[0]!.probe.id, first[0]!.run, false, instant(99))
  const [next, ...none] = schedule.due(instant(99)).starts
  assert.deepEqual([next!.probe.id, next!.late, none], ['p3', 69, []])
})

test('scripts do not take the places of sockets', () => {
  const schedule = new ProbeSchedule({ sockets: 5, scripts: 2 })
  const both = new Map([...probes(4, {}, 'script'), ['socket', probes(1).get('p0')!]] as const)
  both.set('socket', { ...both.get('socket')!, id: 'socket' })
  schedule.configure(both, 0, instant(0))
  const { starts } = schedule.due(instant(900))
  assert.equal(starts.filter(({ probe }) => probe.id === 'socket').length + schedule.waiting, 3)
  assert.equal(starts.length, 3)
})

test('who stays in the configuration goes on; who leaves is abandoned', () => {
  const schedule = new ProbeSchedule()
  schedule.configure(probes(2), 0, instant(0))
  const { starts } = schedule.due(instant(500))
  assert.equal(starts.length, 2)
  const gone = schedule.configure(probes(1), 0.7, instant(600))
  assert.deepEqual(
    gone.map(({ probe }) => probe.id),
    ['p1'],
  )
  assert.equal(schedule.tookOf('p0', starts[0]!.run, instant(700)), 200)
  schedule.ended('p0', starts[0]!.run, false, instant(700))
  assert.equal(schedule.wakeAt(), 1000)
  assert.equal(schedule.asking, 0)
})

test('asked for, a probe runs at once and stays on its grid', () => {
  const schedule = new ProbeSchedule()
  schedule.configure(probes(1, { interval: seconds(10) }), 0, instant(0))
  schedule.ended('p0', schedule.due(instant(0)).starts[0]!.run, false, instant(1))
  schedule.askNow('p0', instant(4000))
  const [start] = schedule.due(instant(4000)).starts
  schedule.ended('p0', start!.run, false, instant(4001))
  assert.equal(schedule.wakeAt(), 10_000)
})

test('the queue gives the earliest first, after any moves and removals', () => {
  type Item = Due & { readonly name: number }
  const action = fc.record({ name: fc.nat(20), at: fc.option(fc.nat(1000), { freq: 3 }) })
  fc.assert(
    fc.property(fc.array(action, { maxLength: 200 }), actions => {
      const queue = new DueQueue<Item>()
      const items = Array.from({ length: 21 }, (_, name) => ({
        name,
        dueAt: instant(0),
        place: -1,
      }))
      const model = new Map<number, number>()
      for (const { name, at } of actions) {
        if (at === null) queue.remove(items[name]!)
        else queue.add(items[name]!, instant(at))
        if (at === null) model.delete(name)
        else model.set(name, at)
        assert.equal(queue.first?.dueAt ?? null, model.size ? Math.min(...model.values()) : null)
      }
      const taken: Instant[] = []
      for (let item = queue.take(instant(1000)); item; item = queue.take(instant(1000))) {
        taken.push(item.dueAt)
      }
      assert.deepEqual(
        taken,
        [...model.values()].toSorted((a, b) => a - b),
      )
    }),
  )
})
