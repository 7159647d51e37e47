import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { type Attempt, type FencingPlan, fence, switchOn } from '../../appliance/fencing/fencing.ts'
import type { Patience, PowerDevice, PowerState } from '../../appliance/fencing/power-device.ts'
import { switchOff } from '../../appliance/fencing/switching.ts'

type Temper = {
  readonly power?: PowerState
  /** It never says a word. */
  readonly dead?: boolean
  readonly stuck?: boolean
  /** From the request until it is done. */
  readonly takes?: number
  readonly word?: 'asked' | 'done'
}

/** A device and the time that passes for it; nothing here waits. */
function scene() {
  let time = 0
  let over = Infinity
  const told: Attempt[] = []
  let awakeSince = -Infinity
  const patience: Patience = {
    now: () => time,
    awakeFor: () => time - awakeSince,
    isOver: () => time >= over,
    pause: async length => {
      time = Math.min(time + length, Math.max(over, time))
    },
  }
  const device = (temper: Temper = {}) => {
    let power = temper.power ?? 'on'
    let due = Infinity
    const turns: [PowerState, number][] = []
    const it: PowerDevice = {
      read: async () => {
        time += 10
        if (temper.dead) throw new Error('it does not answer')
        if (time >= due) power = 'off'
        return power
      },
      turn: async to => {
        time += 10
        if (temper.dead) throw new Error('it does not answer')
        turns.push([to, time])
        if (!temper.stuck) due = time + (temper.takes ?? 0)
        return temper.word ?? 'asked'
      },
    }
    return { it, turns, isOff: () => power === 'off' || time >= due }
  }
  const here = (it: PowerDevice, name = 'bmc', delay = 0) => {
    return { name, device: it, delay, timeout: 10_000 }
  }
  const run = (plan: Partial<FencingPlan>, known = true) =>
    fence({ devices: [], action: 'off', startWait: 120_000, ...plan }, known, patience, each =>
      told.push(each),
    )
  const endAt = (at: number) => {
    over = at
  }
  const wakeAt = (at: number) => {
    awakeSince = at
  }
  return { patience, device, here, run, told, endAt, wakeAt, now: () => time }
}

test('off: only when the device says so', async () => {
  const { device, patience, now } = scene()
  const slow = device({ takes: 3000 })
  assert.deepEqual(await switchOff(slow.it, 10_000, patience), {
    kind: 'confirmed',
    text: 'it was switched off',
  })
  assert.ok(now() >= 3000)
  assert.equal(slow.turns.length, 1)
})

test('off: it says yes and stays on', async () => {
  const { device, patience } = scene()
  const { kind } = await switchOff(device({ stuck: true }).it, 10_000, patience)
  assert.equal(kind, 'failed')
})

test('off: what is off already is left alone; a script has the last word', async () => {
  const { device, patience } = scene()
  const dark = device({ power: 'off' })
  assert.equal((await switchOff(dark.it, 10_000, patience)).kind, 'confirmed')
  assert.deepEqual(dark.turns, [])
  const script = device({ word: 'done', takes: 60_000 })
  assert.equal((await switchOff(script.it, 10_000, patience)).kind, 'confirmed')
})

test('of two devices the next one is tried, again and again', async () => {
  const { device, here, run, told, endAt } = scene()
  const dead = device({ dead: true })
  const stuck = device({ stuck: true })
  endAt(60_000)
  assert.equal(await run({ devices: [here(dead.it, 'bmc'), here(stuck.it, 'pdu')] }), 'over')
  assert.deepEqual(
    told.slice(0, 4).map(({ device: name, outcome }) => [name, outcome]),
    [
      ['bmc', 'failed'],
      ['pdu', 'failed'],
      ['bmc', 'failed'],
      ['pdu', 'failed'],
    ],
  )
  assert.equal(told[0]?.text, 'it does not answer')
})

test('the delay is a head start for the other one, and none for who is off', async () => {
  const first = scene()
  const on = first.device()
  assert.equal(await first.run({ devices: [first.here(on.it, 'bmc', 5000)] }), 'confirmed')
  assert.ok((on.turns[0]?.[1] ?? 0) >= 5000)
  const second = scene()
  const dark = second.device({ power: 'off' })
  assert.equal(await second.run({ devices: [second.here(dark.it, 'bmc', 5000)] }), 'confirmed')
  assert.ok(second.now() < 1000)
  assert.deepEqual(dark.turns, [])
})

test('a box that was never heard is not switched off, or not before its time', async () => {
  const never = scene()
  const serving = never.device()
  never.endAt(3_600_000)
  const plan = { devices: [never.here(serving.it)], startWait: null }
  assert.equal(await never.run(plan, false), 'over')
  assert.deepEqual(serving.turns, [])
  const dark = scene()
  const devices = [dark.device({ dead: true }), dark.device({ power: 'off' })]
  const both = { devices: devices.map(({ it }) => dark.here(it)), startWait: null }
  assert.equal(await dark.run(both, false), 'confirmed')

  const { device, here, run } = scene()
  const on = device()
  await run({ devices: [here(on.it)] }, false)
  assert.ok((on.turns[0]?.[1] ?? 0) >= 120_000)
})

test('the wish is gone within the delay: nothing is switched', async () => {
  const { device, here, run, endAt, told } = scene()
  const on = device()
  endAt(3000)
  assert.equal(await run({ devices: [here(on.it, 'bmc', 5000)] }), 'over')
  assert.deepEqual([on.turns, told], [[], []])
  const meanwhile = scene()
  const asked = meanwhile.device()
  meanwhile.endAt(5)
  assert.deepEqual(await switchOff(asked.it, 10_000, meanwhile.patience), { kind: 'over' })
  assert.deepEqual(asked.turns, [], 'it ended while the device was asked for its state')
})

test('who stood still reads first what was said meanwhile', async () => {
  const first = scene()
  const on = first.device()
  first.wakeAt(0)
  assert.equal((await switchOff(on.it, 10_000, first.patience)).kind, 'confirmed')
  assert.ok((on.turns[0]?.[1] ?? 0) >= 2000)
  const second = scene()
  const spared = second.device()
  second.wakeAt(0)
  second.endAt(1500)
  assert.deepEqual(await switchOff(spared.it, 10_000, second.patience), { kind: 'over' })
  assert.deepEqual(spared.turns, [], 'its wish was gone')
})

test('what a device does after its time is our doing all the same', async () => {
  const { device, here, run, told } = scene()
  const slow = device({ takes: 12_000 })
  const dead = device({ dead: true })
  assert.equal(await run({ devices: [here(slow.it, 'bmc'), here(dead.it, 'pdu')] }), 'confirmed')
  assert.deepEqual(
    [told[0]?.outcome, told.at(-1)?.device, told.at(-1)?.text],
    ['failed', 'bmc', 'it was switched off'],
  )
})

test('on again: a device that has just switched off may refuse at first', async () => {
  const { here, patience } = scene()
  let asked = 0
  const after = (refusals: number): PowerDevice => ({
    read: async () => 'off',
    turn: async () => {
      asked += 1
      if (asked <= refusals) throw new Error('it is busy')
      return 'asked'
    },
  })
  assert.equal((await switchOn(here(after(2)), patience)).outcome, 'confirmed')
  asked = 0
  const { outcome, text } = await switchOn(here(after(9)), patience)
  assert.deepEqual([outcome, text, asked], ['failed', 'it is busy', 5])
})

const temper = fc.record({
  power: fc.constantFrom<PowerState>('on', 'off'),
  dead: fc.boolean(),
  stuck: fc.boolean(),
  takes: fc.integer({ min: 0, max: 30_000 }),
})

test('whatever the devices do: confirmed is off, and after the wish nothing is done', async () => {
  const world = fc.tuple(fc.array(temper, { maxLength: 3 }), fc.integer({ min: 0, max: 90_000 }))
  const holds = fc.asyncProperty(world, async ([tempers, end]) => {
    const { device, here, run, endAt } = scene()
    const devices = tempers.map(each => device(each))
    endAt(end)
    const ended = await run({ devices: devices.map(({ it }, n) => here(it, `${n}`, n * 700)) })
    if (ended === 'confirmed') assert.ok(devices.some(({ isOff }) => isOff()))
    // A request that was under way takes 10 ms.
    for (const { turns } of devices) for (const [, at] of turns) assert.ok(at <= end + 10)
  })
  await fc.assert(holds, { numRuns: 300 })
})
