import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import type { KernelSetting } from '../../appliance/ipvs/kernel-settings.ts'
import { KernelSettings } from '../../appliance/linux/sysctl.ts'

/** Files in place of /proc/sys; the real ones are set in tests/kernel. */
const kernel = (t: TestContext, values: Readonly<Record<string, string>>) => {
  const folder = mkdtempSync(join(tmpdir(), 'diarch-sysctl-'))
  t.after(() => rmSync(folder, { recursive: true }))
  const root = join(folder, 'sys')
  mkdirSync(root)
  const set = (name: string, value: string) => writeFileSync(join(root, name), value)
  const get = (name: string) => readFileSync(join(root, name), 'utf8').trim()
  for (const [name, value] of Object.entries(values)) set(name, `${value}\n`)
  const state = join(folder, 'state/sysctl.json')
  return { set, get, state, open: () => KernelSettings.open(state, root) }
}

const want = (name: string, value: string): KernelSetting => ({
  name,
  wish: { kind: 'exactly', value },
  reason: 'so that it is tested',
})

test('the first value wins, over changes and restarts', t => {
  const { set, get, open } = kernel(t, { forward: '0' })
  assert.deepEqual(open().keep([want('forward', '1')]).changed, [
    { name: 'forward', from: '0', to: '1', reason: 'so that it is tested', again: false },
  ])
  set('forward', '7')
  const [change] = open().keep([want('forward', '1')]).changed
  assert.deepEqual([change!.from, change!.again], ['7', true])
  assert.deepEqual(open().keep([want('forward', '1')]).changed, [])
  assert.deepEqual(open().keep([want('forward', '2')]).changed.length, 1)
  assert.deepEqual(open().restore().restored, [{ name: 'forward', to: '0' }])
  assert.equal(get('forward'), '0')
  assert.deepEqual(open().restore().restored, [])
})

test('what is wanted no more goes back, the last one first', t => {
  const { get, open } = kernel(t, { one: '0', two: '0', three: '0' })
  open().keep([want('one', '1'), want('two', '1'), want('three', '1')])
  const { restored } = open().keep([want('two', '1')])
  assert.deepEqual(
    restored.map(({ name }) => name),
    ['three', 'one'],
  )
  assert.deepEqual([get('one'), get('two'), get('three')], ['0', '1', '0'])
})

test('what somebody else has set stays on restore', t => {
  const { set, get, open } = kernel(t, { forward: '0' })
  open().keep([want('forward', '1')])
  set('forward', '7')
  assert.deepEqual(open().restore().restored, [])
  assert.equal(get('forward'), '7')
})

test('a setting that is missing is named, and set when it appears', t => {
  const { set, get, open } = kernel(t, {})
  const settings = open()
  assert.deepEqual(settings.keep([want('late', '1')]).missing, ['late'])
  set('late', '0')
  assert.equal(settings.keep([want('late', '1')]).changed.length, 1)
  assert.equal(get('late'), '1')
})

test('values of another boot, and a damaged file, are not believed', t => {
  const { set, state, open } = kernel(t, { forward: '0' })
  open().keep([want('forward', '1')])
  const kept = JSON.parse(readFileSync(state, 'utf8'))
  for (const content of [JSON.stringify({ ...kept, boot: 'another' }), '{"boot":']) {
    set('forward', '5')
    writeFileSync(state, content)
    const settings = open()
    settings.keep([want('forward', '1')])
    assert.deepEqual(settings.restore().restored, [{ name: 'forward', to: '5' }])
  }
})
