import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Instant, instant, seconds } from '../../appliance/values/duration.ts'
import {
  newSchedule,
  type ScheduleEffect,
  type ScheduleInput,
  type ScriptSchedule,
  scheduleWakeAt,
  stepSchedule,
} from '../../appliance/vrrp/script-schedule.ts'
import type { Finding } from '../../appliance/vrrp/tracker-verdict.ts'

const s = (n: number): Instant => instant(n * 1000)
const timing = { interval: seconds(10), timeout: seconds(2) }
const good: Finding = { ok: true, why: 'exit code 0' }

const resting: ScriptSchedule = { kind: 'resting', startAt: s(100) }
const busy = (pressure: Extract<ScriptSchedule, { kind: 'busy' }>['pressure']): ScriptSchedule => ({
  kind: 'busy',
  plannedAt: s(100),
  pressure,
})
const running = busy({ kind: 'none', until: s(102) })
const terminated = busy({ kind: 'terminated', until: s(103) })
const killed = busy({ kind: 'killed' })
const from = { resting, running, terminated, killed }

const due = { input: 'TimerDue' } as const
const ended = { input: 'Ended', finding: good } as const
const configured = { input: 'Configured' } as const

type Row = {
  readonly name: `${keyof typeof from}/${ScheduleInput['input']}/${string}`
  readonly at: number
  readonly timing?: typeof timing
  readonly to?: ScriptSchedule
  readonly effects?: readonly ScheduleEffect[]
}

const judged = (why: string): ScheduleEffect => ({ effect: 'Judge', finding: { ok: false, why } })
const held = judged(
  'it does not end, not even by SIGKILL: the kernel holds it (a disk, a file server?)',
)
const next = (at: number): ScriptSchedule => ({ kind: 'resting', startAt: s(at) })

const rows: readonly Row[] = [
  { name: 'resting/TimerDue/too early', at: 99 },
  { name: 'resting/TimerDue/in time', at: 100, to: running, effects: [{ effect: 'Start' }] },
  {
    name: 'resting/TimerDue/late: it has its whole time, and its place on the grid',
    at: 107,
    to: busy({ kind: 'none', until: s(109) }),
    effects: [{ effect: 'Start' }],
  },
  { name: 'resting/Ended/of a run before', at: 99 },
  {
    name: 'resting/Configured/shorter interval',
    at: 91,
    timing: { ...timing, interval: seconds(1) },
    to: next(92),
  },
  { name: 'resting/Configured/longer interval: it was promised for then', at: 91 },
  { name: 'running/TimerDue/too early', at: 101 },
  {
    name: 'running/TimerDue/no answer',
    at: 102,
    to: terminated,
    effects: [{ effect: 'Signal', signal: 'SIGTERM' }, judged('no answer within 2 s')],
  },
  {
    name: 'running/Ended/in time',
    at: 101,
    to: next(110),
    effects: [{ effect: 'Judge', finding: good }],
  },
  {
    name: 'running/Ended/after several intervals: what was missed is not made up',
    at: 135,
    to: next(140),
    effects: [{ effect: 'Judge', finding: good }],
  },
  {
    name: 'running/Ended/on the grid: that start is not missed',
    at: 120,
    to: next(120),
    effects: [{ effect: 'Judge', finding: good }],
  },
  { name: 'running/Configured/the run goes on', at: 101 },
  { name: 'terminated/TimerDue/too early', at: 102.5 },
  {
    name: 'terminated/TimerDue/it does not listen',
    at: 103,
    to: killed,
    effects: [{ effect: 'Signal', signal: 'SIGKILL' }],
  },
  { name: 'terminated/Ended/judged already', at: 102.5, to: next(110) },
  { name: 'terminated/Configured/the run goes on', at: 102.5 },
  { name: 'killed/TimerDue/too early', at: 109 },
  {
    name: 'killed/TimerDue/a start was missed: one more bad finding',
    at: 110,
    to: { kind: 'busy', plannedAt: s(110), pressure: { kind: 'killed' } },
    effects: [held],
  },
  {
    name: 'killed/TimerDue/several starts were missed: one finding',
    at: 135,
    to: { kind: 'busy', plannedAt: s(130), pressure: { kind: 'killed' } },
    effects: [held],
  },
  { name: 'killed/Ended/judged already', at: 104, to: next(110) },
  { name: 'killed/Configured/nothing to do', at: 104 },
]

for (const row of rows) {
  test(row.name, () => {
    const [kind, word] = row.name.split('/') as [keyof typeof from, ScheduleInput['input']]
    const input = [due, ended, configured].find(each => each.input === word)
    const step = stepSchedule(
      from[kind],
      { ...input, now: s(row.at) } as ScheduleInput,
      row.timing ?? timing,
    )
    assert.deepEqual(step, { state: row.to ?? from[kind], effects: row.effects ?? [] })
  })
}

test('the table has a row for every state and input', () => {
  const present = new Set(rows.map(({ name }) => name.split('/').slice(0, 2).join('/')))
  const wanted = Object.keys(from).flatMap(kind =>
    [due, ended, configured].map(({ input }) => `${kind}/${input}`),
  )
  assert.deepEqual(
    wanted.filter(pair => !present.has(pair)),
    [],
  )
})

test('each state says when it wants the timer', () => {
  assert.deepEqual(
    [newSchedule(s(7)), running, terminated, killed].map(state => scheduleWakeAt(state, timing)),
    [s(7), s(102), s(103), s(110)],
  )
})

test('whatever the script does, there is never a second run beside the first', () => {
  // A script that ends 0 to 40 s after its start, looked at every 0.1 s for ten minutes.
  let state = newSchedule(s(0))
  let endsAt: number | null = null
  let seed = 7
  let starts = 0
  for (let tick = 0; tick < 6000; tick++) {
    const at = tick / 10
    const inputs: ScheduleInput[] = [{ input: 'TimerDue', now: s(at) }]
    if (endsAt !== null && at >= endsAt) {
      inputs.unshift({ input: 'Ended', now: s(at), finding: good })
      endsAt = null
    }
    for (const input of inputs) {
      const step = stepSchedule(state, input, timing)
      state = step.state
      for (const { effect } of step.effects) {
        if (effect !== 'Start') continue
        assert.equal(endsAt, null, `a second run at ${at} s`)
        assert.equal(at % 10, 0, `a start beside the grid at ${at} s`)
        seed = (seed * 16807) % 2147483647
        endsAt = at + (seed % 400) / 10
        starts += 1
      }
    }
  }
  assert.ok(starts > 15, `${starts} starts`)
})
