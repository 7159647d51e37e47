import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { Content, ShareFrame } from '../../appliance/pairing/frames.ts'
import { busyWords, newReplication, stepReplication } from '../../appliance/pairing/replication.ts'
import type {
  Replication,
  ReplicationEffect,
  ReplicationInput,
} from '../../appliance/pairing/replication-state.ts'

const content = (hash: string): Content => ({
  cluster: { hash },
  author: 'ann',
  reason: '',
  trial: null,
})
const hashOf = ({ cluster }: Content): string => String(cluster.hash)

/** A box as the shell around the machine is: what it has to do waits until somebody lets it. */
class Box {
  machine: Replication
  /** On the disk: what is in force, and what both had. */
  disk: { hash: string; agreed: { hash: string; count: number } }
  readonly name: string
  readonly outbox: ShareFrame[] = []
  readonly pending: (() => void)[] = []
  readonly answers: { id: string; hash: string; whys: readonly string[] }[] = []
  readonly #wanted = new Map<string, string>()
  readonly #taking = new Map<string, { hash: string; isGiven: boolean }>()
  /** Whoever wanted it was told that it is in force. */
  readonly acknowledged: string[] = []
  gives = 0

  constructor(name: string) {
    this.name = name
    this.disk = { hash: 'start', agreed: { hash: 'start', count: 1 } }
    this.machine = newReplication('start')
  }

  feed(input: ReplicationInput): void {
    const { state, effects } = stepReplication(this.machine, input)
    this.machine = state
    for (const effect of effects) this.#perform(effect)
  }

  want(hash: string): void {
    const id = `${this.name}-${hash}`
    this.#wanted.set(id, hash)
    this.feed({ input: 'change', id, hash, content: content(hash) })
  }

  /** kill -9: what was under way is gone. */
  restart(): void {
    this.outbox.length = 0
    this.pending.length = 0
    this.#taking.clear()
    this.#wanted.clear()
    this.machine = newReplication(this.disk.hash)
  }

  /** Changes pass one after the other. */
  get isBusy(): boolean {
    return this.#wanted.size + this.#taking.size + this.pending.length > 0
  }

  #perform(effect: ReplicationEffect): void {
    switch (effect.effect) {
      case 'send':
        this.outbox.push(effect.frame)
        break
      case 'give': {
        this.gives += 1
        const { hash, agreed } = this.machine.own
        const { over, chosen } = effect
        const id = `give-${this.name}-${this.gives}`
        this.outbox.push({ frame: 'give', id, hash, agreed, over, chosen, content: content(hash) })
        break
      }
      case 'answer': {
        const hash = this.#wanted.get(effect.id) ?? ''
        this.#wanted.delete(effect.id)
        this.answers.push({ id: effect.id, hash, whys: effect.whys })
        if (effect.whys.length > 0) break
        this.pending.push(() => {
          this.disk.hash = hash
          this.feed({ input: 'written', id: effect.id })
          this.feed({ input: 'own', hash })
          this.acknowledged.push(hash)
        })
        break
      }
      case 'take': {
        const { id, isGiven } = effect
        const hash = hashOf(effect.content)
        this.#taking.set(id, { hash, isGiven })
        this.pending.push(() => {
          if (!this.#taking.has(id)) return
          if (hash.endsWith('!')) {
            this.#taking.delete(id)
            this.feed({ input: 'not-taken', id, whys: ['the director does not want it'] })
          } else if (isGiven) {
            this.#taking.delete(id)
            this.disk.hash = hash
            this.feed({ input: 'written', id })
          } else this.feed({ input: 'took', id })
        })
        break
      }
      case 'commit': {
        const taken = this.#taking.get(effect.id)
        assert.ok(taken)
        this.pending.push(() => {
          this.#taking.delete(effect.id)
          this.disk.hash = taken.hash
          this.feed({ input: 'written', id: effect.id })
        })
        break
      }
      case 'abandon':
        this.#taking.delete(effect.id)
        break
      case 'record':
        this.disk.agreed = effect.agreed
        break
    }
  }
}

class Pair {
  /** What each document was made on top of. */
  readonly parent = new Map<string, string>()
  readonly boxes: readonly [Box, Box]
  linked = false
  #shy = new Set<0 | 1>()
  made = 0

  constructor() {
    this.boxes = [new Box('a'), new Box('b')]
  }

  link(): void {
    this.connect()
    this.meet(0)
    this.meet(1)
  }

  /** Frames get through; each box has something else to do before it goes by them. */
  connect(): void {
    if (this.linked) return
    this.linked = true
    this.#shy = new Set([0, 1])
  }

  meet(at: 0 | 1): void {
    if (!this.linked || !this.#shy.delete(at)) return
    const box = this.boxes[at]
    box.feed({ input: 'linked', agreed: box.disk.agreed, yields: at === 0 })
  }

  cut(): void {
    if (!this.linked) return
    this.linked = false
    for (const box of this.boxes) {
      box.outbox.length = 0
      box.feed({ input: 'cut' })
      box.outbox.length = 0
    }
  }

  /** One frame from this box to the other; false: there is none. */
  deliver(from: 0 | 1): boolean {
    const frame = this.boxes[from].outbox.shift()
    if (frame === undefined) return false
    if (this.linked) this.boxes[from === 0 ? 1 : 0].feed({ input: 'heard', frame })
    return true
  }

  work(at: 0 | 1): boolean {
    const next = this.boxes[at].pending.shift()
    next?.()
    return next !== undefined
  }

  want(at: 0 | 1, suffix = ''): string {
    this.made += 1
    const hash = `${this.made}${suffix}`
    this.parent.set(hash, this.boxes[at].disk.hash)
    this.boxes[at].want(hash)
    return hash
  }

  settle(): void {
    let steps = 0
    while (this.deliver(0) || this.deliver(1) || this.work(0) || this.work(1)) {
      steps += 1
      assert.ok(steps < 500, 'they talk without an end')
    }
  }

  isAncestor(old: string, of: string): boolean {
    for (let at: string | undefined = of; at !== undefined; at = this.parent.get(at)) {
      if (at === old) return true
    }
    return false
  }
}

function together(): Pair {
  const pair = new Pair()
  pair.link()
  pair.settle()
  assert.deepEqual(
    pair.boxes.map(box => box.machine.stage.kind),
    ['in-sync', 'in-sync'],
  )
  return pair
}

const hashes = (pair: Pair) => pair.boxes.map(box => box.disk.hash)

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
