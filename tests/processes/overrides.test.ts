import assert from 'node:assert/strict'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import type { Override } from '../../appliance/health/service-config.ts'
import { Overrides } from '../../appliance/supervisor/overrides.ts'

const drained: Override = {
  server: 'shop/web1',
  state: 'drain',
  weight: null,
  since: '2026-11-21T18:00:00.000Z',
  by: 'operator',
}

const folder = (t: TestContext): string => {
  const path = mkdtempSync(join(tmpdir(), 'diarch-overrides-'))
  t.after(() => rmSync(path, { recursive: true }))
  return path
}

const open = (path: string): Overrides =>
  new Overrides(path, why => assert.fail(`no damage is expected: ${why}`))

test('what an operator has said is there after a restart, until it is taken back', t => {
  const path = folder(t)
  open(path).set(drained)
  assert.deepEqual(open(path).of('shop/web1'), drained)
  open(path).set({ ...drained, state: null })
  assert.deepEqual(open(path).all(), [])
  assert.ok(!existsSync(join(path, 'overrides.json')), 'nothing is left to be read')
})

test('a damaged file is told of: servers may serve that should not', t => {
  const path = folder(t)
  open(path).set(drained)
  const file = join(path, 'overrides.json')
  writeFileSync(file, readFileSync(file, 'utf8').slice(0, 40))
  const damage: string[] = []
  const overrides = new Overrides(path, why => damage.push(why))
  assert.equal(damage.length, 1)
  assert.match(damage[0] ?? '', /overrides\.json: .*JSON/)
  assert.deepEqual(overrides.all(), [])
  // The next word of an operator makes it whole again.
  overrides.set(drained)
  assert.deepEqual(open(path).all(), [drained])
})

test('what cannot be kept is refused, and what was said before stays', t => {
  const path = folder(t)
  const overrides = open(path)
  overrides.set(drained)
  // As with a full disk, whose rights do not stop root: there is no place for the file any more.
  rmSync(join(path, 'overrides.json'))
  mkdirSync(join(path, 'overrides.json/taken'), { recursive: true })
  assert.throws(() => overrides.set({ ...drained, server: 'shop/web2' }), /overrides\.json/)
  assert.deepEqual(overrides.all(), [drained])
})
