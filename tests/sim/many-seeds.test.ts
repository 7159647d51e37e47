import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { test } from 'node:test'
import { faultKinds } from './guard/plan.ts'

/** A program of the tree, with its last lines where it fails. */
const run = (program: string, ...args: string[]) => {
  const path = join(import.meta.dirname, '..', program)
  const { status, stdout, stderr } = spawnSync(process.execPath, [path, ...args], {
    encoding: 'utf8',
  })
  const last = `${stdout}${stderr}`.trimEnd().split('\n').slice(-30).join('\n')
  assert.equal(status, 0, last)
  return last
}

test('10,000 seeds of trouble, and every invariant holds', t => {
  const said = run('sim/main.ts', '--seeds', '10000')
  t.diagnostic(said.split('\n').at(-1) ?? '')
})

test('1,000 seeds of trouble in the guard world, and every invariant holds', t => {
  const said = run('sim/guard/main.ts', '--seeds', '1000')
  t.diagnostic(said.split('\n').at(-1) ?? '')
  for (const kind of faultKinds) assert.ok(said.includes(`fault: ${kind}`), `no ${kind} occurred`)
})

test('195,000 odd configurations, and nobody throws or hangs', t => {
  const said = run('fuzz/config.ts', '--inputs', '195000', '--seed', '20261121')
  t.diagnostic(said.split('\n').at(-1) ?? '')
})

test('a million broken adverts, and nobody throws or changes his mind', t => {
  const said = run('fuzz/vrrp.ts', '--packets', '1000000', '--seed', '20261121')
  t.diagnostic(said.split('\n').at(-1) ?? '')
})
