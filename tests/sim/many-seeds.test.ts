import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { faultKinds } from './guard/plan.ts'

/** A program of the tree, with its last lines where it fails. */
const run = async (program: string, ...args: string[]): Promise<string> => {
  const path = join(import.meta.dirname, '..', program)
  const child = spawn(process.execPath, [path, ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
  let said = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', text => {
      said += text
    })
  }
  const [code] = await once(child, 'close')
  const last = said.trimEnd().split('\n').slice(-30).join('\n')
  assert.equal(code, 0, last)
  return last
}

test('10,000 seeds of trouble, and every invariant holds', async t => {
  const said = await run('sim/main.ts', '--seeds', '10000')
  t.diagnostic(said.split('\n').at(-1) ?? '')
})

test('195,000 odd configurations, and nobody throws or hangs', async t => {
  const said = await run('fuzz/config.ts', '--inputs', '195000', '--seed', '20261121')
  t.diagnostic(said.split('\n').at(-1) ?? '')
})

void describe('what works with one thread', { concurrency: 2 }, () => {
  test('1,000 seeds of trouble in the guard world, and every invariant holds', async t => {
    const said = await run('sim/guard/main.ts', '--seeds', '1000')
    t.diagnostic(said.split('\n').at(-1) ?? '')
    for (const kind of faultKinds) assert.ok(said.includes(`fault: ${kind}`), `no ${kind} occurred`)
  })

  test('a million broken adverts, and nobody throws or changes his mind', async t => {
    const said = await run('fuzz/vrrp.ts', '--packets', '1000000', '--seed', '20261121')
    t.diagnostic(said.split('\n').at(-1) ?? '')
  })
})
