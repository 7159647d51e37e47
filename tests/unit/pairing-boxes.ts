/** Two boxes of a pair without their disks, processes and network. */

import assert from 'node:assert/strict'
import type { Content, ShareFrame } from '../../appliance/pairing/frames.ts'
import { newReplication, stepReplication } from '../../appliance/pairing/replication.ts'
import type {
  Replication,
  ReplicationEffect,
  ReplicationInput,
} from '../../appliance/pairing/replication-state.ts'

export const content = (hash: string): Content => ({
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

export class Pair {
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

export function together(): Pair {
  const pair = new Pair()
  pair.link()
  pair.settle()
  assert.deepEqual(
    pair.boxes.map(box => box.machine.stage.kind),
    ['in-sync', 'in-sync'],
  )
  return pair
}

export const hashes = (pair: Pair) => pair.boxes.map(box => box.disk.hash)
