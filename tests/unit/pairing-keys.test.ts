import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { atRest, bothKnow, moved, movesOf, newWorld, type World } from './pairing-key-walk.ts'

/** A message is made only where it is needed: there are thousands of worlds. */
function look(world: World, way: () => string): void {
  if (!bothKnow(world)) assert.fail(`they do not know each other after: ${way()}`)
  const rest = atRest(world)
  if (rest === null) assert.fail(`they never come to rest after: ${way()}`)
  const [a, b] = rest.boxes.map(each => each.disk)
  const isSettled = a?.next === null && b?.next === null
  const areOnly = a?.peer.next === null && b?.peer.next === null
  const isLost = rest.boxes.some(({ lost }) => lost)
  if (!isSettled || !(areOnly || isLost) || !bothKnow(rest)) {
    assert.fail(`at rest they have ${JSON.stringify([a, b])} after: ${way()}`)
  }
}

/** Every world that can come of it, each once, with one way to it. */
function walk(start: World): number {
  const seen = new Set([JSON.stringify(start)])
  const open = [{ world: start, way: '' }]
  for (const { world, way } of open) {
    look(world, () => way)
    for (const move of movesOf(world)) {
      const next = moved(world, move)
      const text = JSON.stringify(next)
      if (seen.has(text)) continue
      seen.add(text)
      open.push({ world: next, way: `${way}, ${move[0]}` })
    }
  }
  return open.length
}

const walks: readonly (readonly [string, World])[] = [
  ['one box gets two, and either loses power', newWorld([2, 0], [1, 1], 0)],
  ['one box gets one, the power fails and the cable is pulled', newWorld([1, 0], [1, 1], 1)],
  ['both get one at once', newWorld([1, 1], [0, 0], 0)],
]

for (const [name, start] of walks) {
  test(`new keys of a pair: ${name}: in every order they connect`, t => {
    const count = walk(start)
    t.diagnostic(`${count} worlds`)
    assert.ok(count > 500, `only ${count} worlds`)
  })
}

test('new keys of a pair: two on both, ends and cuts in any order: they connect', () => {
  const choices = fc.array(fc.nat(1000), { minLength: 20, maxLength: 90 })
  fc.assert(
    fc.property(choices, numbers => {
      let world = newWorld([2, 2], [2, 2], 2)
      const way: string[] = []
      for (const number of numbers) {
        const moves = movesOf(world)
        const move = moves[number % moves.length]
        if (move === undefined) return
        world = moved(world, move)
        way.push(move[0])
        if (!bothKnow(world)) assert.fail(`they do not know each other after: ${way.join(', ')}`)
      }
      look(world, () => way.join(', '))
    }),
    { numRuns: 300 },
  )
})
