import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { type Half, type Reunion, reunion } from '../../appliance/pairing/reunion.ts'

const half = (hash: string, agreed: string, count: number): Half => ({
  hash,
  agreed: { hash: agreed, count },
})

const cases: readonly {
  readonly what: string
  readonly ours: Half
  readonly theirs: Half
  readonly outcome: Reunion['kind']
}[] = [
  {
    what: 'nothing has changed',
    ours: half('a', 'a', 1),
    theirs: half('a', 'a', 1),
    outcome: 'same',
  },
  {
    what: 'both were changed alike',
    ours: half('b', 'a', 1),
    theirs: half('b', 'a', 1),
    outcome: 'same',
  },
  {
    what: 'we were changed',
    ours: half('b', 'a', 1),
    theirs: half('a', 'a', 1),
    outcome: 'give-ours',
  },
  {
    what: 'they were changed',
    ours: half('a', 'a', 1),
    theirs: half('b', 'a', 1),
    outcome: 'take-theirs',
  },
  {
    what: 'both were changed, and not alike',
    ours: half('b', 'a', 1),
    theirs: half('c', 'a', 1),
    outcome: 'conflict',
  },
  {
    what: 'we ended before we took a change of both',
    ours: half('a', 'a', 1),
    theirs: half('b', 'b', 2),
    outcome: 'take-theirs',
  },
  {
    what: 'we took it, and ended before we wrote down that both have it',
    ours: half('b', 'a', 1),
    theirs: half('b', 'b', 2),
    outcome: 'same',
  },
  {
    what: 'we were changed without knowing the last change of both',
    ours: half('c', 'a', 1),
    theirs: half('b', 'b', 2),
    outcome: 'conflict',
  },
]

for (const { what, ours, theirs, outcome } of cases) {
  test(`${what}: ${outcome}`, () => {
    assert.equal(reunion(ours, theirs).kind, outcome)
  })
}

test('both boxes come to the same end', () => {
  const word = fc.constantFrom('a', 'b', 'c')
  const halves = fc.record({
    hash: word,
    agreed: fc.record({ hash: word, count: fc.integer({ min: 1, max: 3 }) }),
  })
  const mirrored = { same: 'same', conflict: 'conflict' } as const
  fc.assert(
    fc.property(halves, halves, (one, other) => {
      const [here, there] = [reunion(one, other), reunion(other, one)]
      if (here.kind === 'take-theirs') assert.equal(there.kind, 'give-ours')
      else if (here.kind === 'give-ours') assert.equal(there.kind, 'take-theirs')
      else assert.equal(there.kind, mirrored[here.kind])
      if (here.kind === 'same') assert.deepEqual(here, there)
    }),
  )
})

/** Two boxes through changes together and apart, and ends in between. */
test('a change that one box has acknowledged is never thrown away without a word', () => {
  const step = fc.constantFrom('change-0', 'change-1', 'meet', 'common', 'cut-0', 'cut-1')
  fc.assert(
    fc.property(fc.array(step, { maxLength: 12 }), steps => {
      const boxes = [half('start', 'start', 1), half('start', 'start', 1)] as [Half, Half]
      /** What each document was made on top of. */
      const parent = new Map<string, string>()
      const isAncestor = (old: string, of: string): boolean => {
        for (let at: string | undefined = of; at !== undefined; at = parent.get(at)) {
          if (at === old) return true
        }
        return false
      }
      let made = 0
      const changed = (from: string): string => {
        made += 1
        parent.set(`${made}`, from)
        return `${made}`
      }
      for (const each of steps) {
        const [one, other] = boxes
        if (each === 'change-0') boxes[0] = { ...one, hash: changed(one.hash) }
        if (each === 'change-1') boxes[1] = { ...other, hash: changed(other.hash) }
        if (each === 'common' || each === 'cut-0' || each === 'cut-1') {
          if (one.hash !== other.hash) continue
          const hash = changed(one.hash)
          const agreed = { hash, count: Math.max(one.agreed.count, other.agreed.count) + 1 }
          // Cut: one box has taken it and knows that both have; the other never came so far.
          if (each !== 'cut-0') boxes[0] = { hash, agreed }
          if (each !== 'cut-1') boxes[1] = { hash, agreed }
        }
        if (each === 'meet') {
          const found = reunion(one, other)
          if (found.kind === 'same') {
            boxes[0] = { ...one, agreed: found.agreed }
            boxes[1] = { ...other, agreed: found.agreed }
          }
          if (found.kind === 'give-ours' || found.kind === 'take-theirs') {
            const [winner, loser] = found.kind === 'give-ours' ? [one, other] : [other, one]
            assert.ok(isAncestor(loser.hash, winner.hash), `${loser.hash} is lost`)
            const count = Math.max(winner.agreed.count, loser.agreed.count) + 1
            const agreed = { hash: winner.hash, count }
            boxes[0] = { hash: winner.hash, agreed }
            boxes[1] = { hash: winner.hash, agreed }
          }
        }
      }
    }),
    { numRuns: 2000 },
  )
})
