import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { Environment, SlotState } from '../../appliance/boot/environment.ts'
import { bootFacts } from '../../appliance/boot/kernel-command-line.ts'
import { slotAlarms } from '../../appliance/boot/slot-alarms.ts'
import { slotStatus } from '../../appliance/boot/slot-status.ts'
import {
  choose,
  confirm,
  defaultEnvironment,
  emptied,
  environmentOfRunning,
  failed,
  installed,
  otherSlot,
} from '../../appliance/boot/slots.ts'

const states = ['ok', '3', '2', '1', '0', 'bad', 'empty'] as const
const slot = fc.constantFrom('a' as const, 'b' as const)
const environment: fc.Arbitrary<Environment> = fc.record({
  order: fc.constantFrom('ab', 'ba'),
  a: fc.constantFrom<SlotState>(...states),
  b: fc.constantFrom<SlotState>(...states),
  last: slot,
})

/** The two states -> which slot, why, and what the states are then. `last` is the second. */
const matrix: readonly [SlotState, SlotState, string][] = [
  ['ok', 'ok', 'first confirmed ok ok'],
  ['ok', '3', 'first confirmed ok 3'],
  ['ok', 'empty', 'first confirmed ok empty'],
  ['3', 'ok', 'first trial 2 ok'],
  ['2', 'ok', 'first trial 1 ok'],
  ['1', 'ok', 'first trial 0 ok'],
  ['1', '1', 'first trial 0 1'],
  ['0', 'ok', 'second fallback 0 ok'],
  ['bad', 'ok', 'second fallback bad ok'],
  ['empty', 'ok', 'second fallback empty ok'],
  ['0', '2', 'second trial 0 1'],
  ['bad', '1', 'second trial bad 0'],
  ['0', '0', 'second last 0 0'],
  ['bad', 'empty', 'second last bad empty'],
]

for (const [first, second, expected] of matrix) {
  test(`choose/${first} before ${second}`, () => {
    for (const order of ['ab', 'ba'] as const) {
      const [one, two] = order === 'ab' ? (['a', 'b'] as const) : (['b', 'a'] as const)
      const before = { ...defaultEnvironment, order, [one]: first, [two]: second, last: two }
      const { slot, why, next } = choose(before)
      const position = slot === one ? 'first' : 'second'
      assert.equal(`${position} ${why} ${next[one]} ${next[two]}`, expected)
      assert.equal(next.order, order)
      assert.equal(next.last, two)
    }
  })
}

test('choose/no environment boots slot a by defaults', () => {
  assert.deepEqual(choose(null), { slot: 'a', why: 'defaults', next: defaultEnvironment })
})

test('choose/a confirmed slot never changes by choosing', () => {
  fc.assert(
    fc.property(environment, before => {
      const { next } = choose(before)
      for (const name of ['a', 'b'] as const)
        if (before[name] === 'ok') assert.equal(next[name], 'ok')
    }),
  )
})

const boots = (start: Environment, count: number) => {
  const choices = []
  let present = start
  for (let i = 0; i < count; i++) {
    const choice = choose(present)
    choices.push(choice)
    present = choice.next
  }
  return choices
}

test('choose/again and again ends in a confirmed slot if there is one', () => {
  fc.assert(
    fc.property(environment, start => {
      fc.pre(start.a === 'ok' || start.b === 'ok')
      const end = boots(start, 8).at(-1)!
      assert.equal(end.next[end.slot], 'ok')
    }),
  )
})

test('installed/is preferred, and boots at most three times unless it is confirmed', () => {
  fc.assert(
    fc.property(environment, slot, (start, name) => {
      // With nothing in the other slot there is nothing else to boot.
      fc.pre(start[otherSlot(name)] !== 'empty')
      const after = installed(start, name)
      const chosen = boots(after, 12).map(choice => choice.slot)
      assert.deepEqual(chosen.slice(0, 3), [name, name, name])
      const fallsBack = ['ok', '3', '2', '1'].includes(start[otherSlot(name)])
      if (fallsBack) assert.equal(chosen[3], otherSlot(name))
      assert.equal(chosen.filter(each => each === name).length, 3)
    }),
  )
})

test('emptied/nothing starts it as long as the other one is confirmed', () => {
  fc.assert(
    fc.property(environment, slot, (start, name) => {
      const other = otherSlot(name)
      const chosen = boots(emptied({ ...start, [other]: 'ok' }, name), 4)
      assert.deepEqual(
        chosen.map(each => [each.slot, each.why]),
        Array(4).fill([other, 'confirmed']),
      )
    }),
  )
})

test('confirm/then it is what boots when it is preferred', () => {
  const trial = choose(installed(defaultEnvironment, 'b')).next
  const after = confirm(trial, 'b')
  assert.deepEqual(after, { order: 'ba', a: 'ok', b: 'ok', last: 'b' })
  assert.equal(choose(after).why, 'confirmed')
})

test('failed/the other one boots', () => {
  const after = failed(choose(installed(defaultEnvironment, 'b')).next, 'b')
  assert.deepEqual(choose(after), { slot: 'a', why: 'fallback', next: after })
})

test('environmentOfRunning/what runs, runs again; a trial stays a trial with a way back', () => {
  assert.deepEqual(environmentOfRunning('a', false), defaultEnvironment)
  assert.equal(choose(environmentOfRunning('b', false)).slot, 'b')
  const trial = environmentOfRunning('b', true)
  assert.deepEqual(
    boots(trial, 2).map(({ slot, why }) => `${slot} ${why}`),
    ['b trial', 'a fallback'],
  )
})

test('bootFacts/reads the kernel command line', () => {
  const line = 'BOOT_IMAGE=x diarch.slot=a diarch.slot=b diarch.try=1 diarch.why=trial quiet\n'
  assert.deepEqual(bootFacts(line), { slot: 'b', onTrial: true, why: 'trial' })
  assert.deepEqual(bootFacts('diarch.slot=a diarch.why=nonsense')?.why, 'confirmed')
  assert.equal(bootFacts('quiet diarch.slot=c'), null)
  assert.equal(bootFacts('root=/dev/sda1 quiet'), null)
})

const facts = (line: string) => bootFacts(line)!
const alarmOf = (line: string, environment: Environment): string => {
  const [alarm] = slotAlarms(facts(line), environment, '1.2.3')
  return alarm ? `${alarm.reason}: ${alarm.message}` : 'none'
}

test('slotAlarms/a fallback says what failed, why, what runs and what to do', () => {
  const fallback = { order: 'ba', a: 'ok', b: '0', last: 'a' } as const
  const text = alarmOf('diarch.slot=a diarch.why=fallback', fallback)
  assert.equal(
    text,
    'slot-fallback: Version 1.2.3 runs from slot A, because slot B, which was to run, did not ' +
      'reach health in any of its tries. Install a version that works into slot B.',
  )
  const line = 'diarch.slot=a diarch.why=fallback'
  assert.match(alarmOf(line, { ...fallback, b: 'bad' }), /reported that it cannot work/)
  assert.match(alarmOf(line, { ...fallback, b: 'ok' }), /could not be read by GRUB/)
  assert.match(alarmOf(line, { ...fallback, b: '2' }), /could not be read by GRUB/)
})

test('slotAlarms/none for what is as it should be', () => {
  const confirmed = 'diarch.slot=a diarch.why=confirmed'
  assert.equal(alarmOf(confirmed, defaultEnvironment), 'none')
  // The last try runs: GRUB has counted it down to 0 already.
  const lastTry = { order: 'ba', a: 'ok', b: '0', last: 'a' } as const
  assert.equal(alarmOf('diarch.slot=b diarch.try=1 diarch.why=trial', lastTry), 'none')
  // Installed a minute ago, and the next boot will try it.
  assert.equal(alarmOf(confirmed, installed(defaultEnvironment, 'b')), 'none')
  assert.equal(alarmOf('diarch.slot=a diarch.why=fallback', installed(lastTry, 'b')), 'none')
})

test('slotAlarms/the last resort is one, until the box is healthy in it', () => {
  const nothing = { order: 'ab', a: 'bad', b: '0', last: 'a' } as const
  const line = 'diarch.slot=a diarch.why=last'
  assert.match(alarmOf(line, nothing), /^slot-last-resort: .*it reported .* slot B did not reach/)
  assert.equal(alarmOf(line, confirm(nothing, 'a')), 'none')
})

test('slotStatus/a trial becomes confirmed by the environment', () => {
  const trial = facts('diarch.slot=b diarch.try=1 diarch.why=trial')
  const before = choose(installed(defaultEnvironment, 'b')).next
  assert.equal(slotStatus(trial, before, 'x').state, 'trial')
  assert.equal(slotStatus(trial, null, 'x').state, 'trial')
  const after = slotStatus(trial, confirm(before, 'b'), 'x')
  assert.deepEqual([after.state, after.why], ['confirmed', 'the box became healthy in this slot'])
})
