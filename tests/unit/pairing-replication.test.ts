import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { busyWords, newReplication, stepReplication } from '../../appliance/pairing/replication.ts'
import type {
  ReplicationEffect,
  ReplicationInput,
} from '../../appliance/pairing/replication-state.ts'
import { content, hashes, together } from './pairing-boxes.ts'

test('a change on either box is on both', () => {
  const pair = together()
  for (const at of [0, 1] as const) {
    const hash = pair.want(at)
    pair.settle()
    assert.deepEqual(hashes(pair), [hash, hash])
    assert.deepEqual(pair.boxes[0].disk, pair.boxes[1].disk)
  }
  assert.equal(pair.boxes[0].disk.agreed.count, 3)
})

test('what the other box does not take is on neither', () => {
  const pair = together()
  pair.want(0, '!')
  pair.settle()
  assert.deepEqual(hashes(pair), ['start', 'start'])
  assert.deepEqual(pair.boxes[0].answers[0]?.whys, ['the director does not want it'])
})

test('of two changes at once one is told to try again', () => {
  const pair = together()
  pair.want(0)
  const hash = pair.want(1)
  pair.settle()
  assert.deepEqual(hashes(pair), [hash, hash])
  assert.deepEqual(pair.boxes[0].answers[0]?.whys, [busyWords])
})

test('changes of one box while it is alone come to the other', () => {
  const pair = together()
  pair.cut()
  pair.want(1)
  pair.settle()
  const hash = pair.want(1)
  pair.settle()
  assert.deepEqual(hashes(pair), ['start', hash])
  pair.link()
  pair.settle()
  assert.deepEqual(pair.boxes[0].disk, pair.boxes[1].disk)
  assert.equal(pair.boxes[0].disk.hash, hash)
})

for (const keep of ['ours', 'theirs'] as const) {
  test(`changes of both while they are apart are a conflict, until somebody keeps ${keep}`, () => {
    const pair = together()
    pair.cut()
    const [ours, theirs] = [pair.want(0), pair.want(1)]
    pair.settle()
    pair.link()
    pair.settle()
    assert.deepEqual(hashes(pair), [ours, theirs])
    for (const box of pair.boxes) assert.equal(box.machine.stage.kind, 'conflict')
    pair.boxes[0].feed({ input: 'resolve', keep, id: 'r' })
    pair.settle()
    const kept = keep === 'ours' ? ours : theirs
    assert.deepEqual(hashes(pair), [kept, kept])
    for (const box of pair.boxes) assert.equal(box.machine.stage.kind, 'in-sync')
    assert.deepEqual(pair.boxes[0].disk, pair.boxes[1].disk)
  })
}

test('what the other box refuses at a reunion is asked again when either changes', () => {
  const pair = together()
  pair.cut()
  pair.want(0, '!')
  pair.settle()
  pair.link()
  pair.settle()
  for (const box of pair.boxes) assert.equal(box.machine.stage.kind, 'refused')
  const hash = pair.want(0)
  pair.settle()
  assert.deepEqual(hashes(pair), [hash, hash])
  for (const box of pair.boxes) assert.equal(box.machine.stage.kind, 'in-sync')
})

test('a change that the other box does not answer in time is refused', () => {
  const pair = together()
  const hash = pair.want(0)
  pair.deliver(0)
  pair.boxes[0].feed({ input: 'late', id: `a-${hash}` })
  assert.equal(pair.boxes[0].answers[0]?.whys.length, 1)
  pair.settle()
  assert.deepEqual(hashes(pair), ['start', 'start'])
  const next = pair.want(0)
  pair.settle()
  assert.deepEqual(hashes(pair), [next, next])
})

/** What a box in sync with `start` does when it hears this. */
function doneOn(...inputs: readonly ReplicationInput[]): readonly string[] {
  const agreed = { hash: 'start', count: 1 }
  const before: readonly ReplicationInput[] = [
    { input: 'linked', agreed, yields: false },
    { input: 'heard', frame: { frame: 'half', hash: 'start', agreed } },
  ]
  let machine = newReplication('start')
  let done: readonly ReplicationEffect[] = []
  for (const input of [...before, ...inputs]) {
    const { state, effects } = stepReplication(machine, input)
    machine = state
    done = effects
  }
  return done.map(each => (each.effect === 'send' ? each.frame.frame : each.effect))
}

test('what is proposed on top of something else is not taken', () => {
  const propose = { frame: 'propose', id: '1', hash: 'new', content: content('new') } as const
  const heard = (base: string) => doneOn({ input: 'heard', frame: { ...propose, base } })
  assert.deepEqual(heard('start'), ['take'])
  assert.deepEqual(heard('other'), ['refuse', 'half'])
})

test('what is given for something that this box has no more is not taken', () => {
  const agreed = { hash: 'new', count: 2 }
  const give = { frame: 'give', id: '1', hash: 'new', agreed, content: content('new') } as const
  const heard = (over: string, chosen: boolean) =>
    doneOn({ input: 'heard', frame: { ...give, over, chosen } })
  assert.deepEqual(heard('start', false), ['take'])
  for (const chosen of [false, true]) assert.deepEqual(heard('other', chosen), ['half'])
})

test('what was accepted over a connection that has ended is given over the next one', () => {
  const agreed = { hash: 'start', count: 1 }
  const done = doneOn(
    { input: 'change', id: '1', hash: 'new', content: content('new') },
    { input: 'heard', frame: { frame: 'accept', id: '1' } },
    { input: 'cut' },
    { input: 'linked', agreed, yields: false },
    { input: 'heard', frame: { frame: 'half', hash: 'start', agreed } },
    { input: 'written', id: '1' },
  )
  assert.deepEqual(done, ['record', 'half', 'give'])
})

const events = fc.constantFrom(
  ...(['want-0', 'want-1', 'send-0', 'send-1', 'work-0', 'work-1'] as const),
  ...(['send-0', 'send-1', 'work-0', 'work-1', 'send-0', 'send-1', 'work-0', 'work-1'] as const),
  ...(['refused-0', 'cut', 'link', 'kill-0', 'kill-1', 'settle'] as const),
  ...(['connect', 'connect', 'meet-0', 'meet-1'] as const),
)

/** Cuts and kills between any two steps; frames are lost with their connection. */
test('whatever happens, they end equal or in a conflict, and nothing acknowledged is lost', () => {
  fc.assert(
    fc.property(fc.array(events, { minLength: 10, maxLength: 80, size: 'max' }), list => {
      const pair = together()
      const at = (name: string): 0 | 1 => (name.endsWith('0') ? 0 : 1)
      for (const name of list) {
        const from = at(name)
        const [kind] = name.split('-')
        if (kind === 'want' && !pair.boxes[from].isBusy) pair.want(from)
        if (kind === 'refused' && !pair.boxes[from].isBusy) pair.want(from, '!')
        if (name.startsWith('send')) pair.deliver(at(name))
        if (name.startsWith('work')) pair.work(at(name))
        if (name === 'settle') pair.settle()
        if (name === 'link') pair.link()
        if (name === 'connect') pair.connect()
        if (kind === 'meet') pair.meet(from)
        if (name === 'cut') pair.cut()
        if (name.startsWith('kill')) {
          pair.cut()
          pair.boxes[at(name)].restart()
        }
      }
      pair.settle()
      pair.cut()
      pair.settle()
      const apart = hashes(pair)
      pair.connect()
      pair.meet(0)
      pair.settle()
      pair.meet(1)
      pair.settle()
      const [one, other] = pair.boxes.map(box => box.machine.stage.kind)
      assert.equal(one, other, `${one} here and ${other} there`)
      if (one === 'in-sync') {
        assert.equal(hashes(pair)[0], hashes(pair)[1])
        const end = hashes(pair)[0] ?? ''
        for (const hash of pair.boxes.flatMap(box => box.acknowledged)) {
          assert.ok(pair.isAncestor(hash, end), `${hash} is lost in ${end}`)
        }
        const next = pair.want(0)
        pair.settle()
        assert.deepEqual(hashes(pair), [next, next])
      } else {
        assert.ok(one === 'conflict' || one === 'refused', one)
        assert.deepEqual(hashes(pair), apart)
      }
    }),
    { numRuns: 3000 },
  )
})
