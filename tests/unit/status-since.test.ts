import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as z from 'zod'
import { statusSchema } from '../../appliance/api/status-schema.ts'
import { directorStatus } from '../../appliance/status/director-status.ts'
import { Standings } from '../../appliance/status/standing.ts'

type Schema = {
  readonly properties?: Readonly<Record<string, Schema>>
  readonly items?: Schema
  readonly anyOf?: readonly Schema[]
  readonly $ref?: string
  readonly $defs?: Readonly<Record<string, Schema>>
}

const whole = z.toJSONSchema(statusSchema) as Schema

/** Every object below, with the path that leads to it. */
function* objectsIn(schema: Schema, path: string): Generator<readonly [string, readonly string[]]> {
  const { properties, items, anyOf = [], $ref } = schema
  if ($ref !== undefined) {
    const definition = whole.$defs?.[$ref.replace('#/$defs/', '')]
    assert.ok(definition, $ref)
    yield* objectsIn(definition, path)
  }
  if (properties !== undefined) yield [path, Object.keys(properties)]
  for (const [key, value] of Object.entries(properties ?? {})) {
    yield* objectsIn(value, `${path}.${key}`)
  }
  if (items !== undefined) yield* objectsIn(items, path)
  for (const each of anyOf) yield* objectsIn(each, path)
}

test('what has a state in the status says since when and why', () => {
  const states = ['state', 'link', 'role', 'held', 'restraint']
  // What the other box says of itself is as old as `heardAt`; an address is held as long as its
  // router is master; of the guard and of fencing the reasons are the words themselves.
  const report = 'status.pair.peer.report'
  const others = [`${report}.health`, `${report}.routers`, 'status.routers.addresses']
  const ownWords = { 'status.guard': 'restrainedSince', 'status.fencing': 'heldSince' }
  const seen: string[] = []
  for (const [path, keys] of objectsIn(whole, 'status')) {
    if (!keys.some(key => states.includes(key)) || others.includes(path)) continue
    seen.push(path)
    const own = ownWords[path as keyof typeof ownWords]
    const missing = (own === undefined ? ['since', 'why'] : [own]).filter(
      key => !keys.includes(key),
    )
    assert.deepEqual(missing, [], path)
  }
  for (const part of ['health', 'storage', 'ports', 'setup', 'guard.leases', 'director']) {
    assert.ok(seen.includes(`status.${part}`), `${part} of ${seen.join(', ')}`)
  }
})

test('a state stands since it was seen first, until another one is seen', () => {
  const standings = new Standings()
  const look = (now: string, state: string) => standings.at(now)('port wan', state)
  assert.equal(look('1', 'up'), '1')
  assert.equal(look('2', 'up'), '1')
  assert.equal(look('3', 'no-carrier'), '3')
  assert.equal(standings.at('4')('port lan', 'up'), '4')
  assert.equal(look('5', 'up'), '5')
})

test('the director says what is wrong with it, and since when', () => {
  const fine = { sync: null, missing: null, refused: [], claims: [] }
  const before = directorStatus(fine, null, '1')
  assert.deepEqual(before, {
    state: 'ok',
    since: '1',
    why: 'the table of the kernel is kept',
    ...fine,
  })
  const refused = directorStatus({ ...fine, refused: ['a', 'b'] }, before, '2')
  assert.deepEqual([refused.state, refused.since, refused.why], ['degraded', '2', 'a (and 1 more)'])
  const other = directorStatus({ ...fine, claims: ['c'] }, refused, '3')
  assert.deepEqual([other.state, other.since, other.why], ['degraded', '2', 'c'])
  const none = directorStatus({ ...fine, missing: 'no ip_vs' }, other, '4')
  assert.deepEqual([none.state, none.since, none.why], ['no-table', '4', 'no ip_vs'])
})
