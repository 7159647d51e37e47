import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { setImmediate as turn } from 'node:timers/promises'
import { fencing as fencingSchema } from '../../appliance/config/fencing-schema.ts'
import { Fence } from '../../appliance/fence/fence.ts'
import type { FromFence } from '../../appliance/fencing/fence-messages.ts'
import { FenceDesk } from '../../appliance/supervisor/fence-desk.ts'

const script = (more: object = {}) => ({
  kind: 'script',
  box: 'two',
  command: ['/bin/it'],
  ...more,
})
const config = (device: object, more: object = {}) =>
  fencingSchema.parse({ policy: 'required', devices: { it: device }, ...more })

/** The process `fence` with a script as its device: whoever starts it is the test. */
function scene(t: TestContext) {
  const said: FromFence[] = []
  const fence = new Fence(message => said.push(message))
  t.after(() => fence.stop())
  const calls = () => said.filter(each => each.kind === 'fence-script')
  const settled = async () => {
    for (let turns = 0; turns < 10; turns += 1) await turn()
  }
  const end = async (index: number, code: number) => {
    await settled()
    const call = calls()[index]
    assert.ok(call !== undefined)
    fence.onScript(call.id, code, `it ended with ${code}`)
    await settled()
  }
  const device = () => said.findLast(each => each.kind === 'fence-devices')?.devices[0]
  const verbs = () => calls().map(({ verb }) => verb)
  return { fence, said, end, settled, device, verbs }
}

test('a device that was changed is another one: what the old one says comes too late', async t => {
  const { fence, end, device, verbs } = scene(t)
  fence.configure(config(script()))
  await end(0, 0)
  assert.deepEqual([device()?.state, device()?.power], ['ok', 'on'])
  fence.configure(config(script(), { testEvery: '2h' }))
  assert.equal(device()?.state, 'ok', 'it is the same')
  fence.configure(config(script({ box: 'three', command: ['/bin/other'] })))
  assert.deepEqual([device()?.state, device()?.box, device()?.power], ['untested', 'three', null])
  await end(1, 2)
  assert.deepEqual([device()?.state, device()?.power], ['untested', null])
  await end(2, 1)
  assert.deepEqual([device()?.state, verbs().length], ['failing', 3])
})

test('a device that fails is asked again each minute, one that works each hour', async t => {
  t.mock.timers.enable({ apis: ['setTimeout'] })
  const { fence, end, settled, device, verbs } = scene(t)
  fence.configure(config(script()))
  await end(0, 1)
  assert.equal(device()?.state, 'failing')
  t.mock.timers.tick(60_000)
  await end(1, 0)
  assert.equal(device()?.state, 'ok')
  for (let minute = 2; minute < 60; minute += 1) t.mock.timers.tick(60_000)
  await settled()
  assert.equal(verbs().length, 2)
  t.mock.timers.tick(60_000)
  await settled()
  assert.equal(verbs().length, 3)
})

test('who was reset for a wish is not switched off for it again', async t => {
  const { fence, end, settled, said, verbs } = scene(t)
  fence.configure(config(script(), { action: 'reset' }))
  await end(0, 0)
  fence.want({ id: 'first', known: true })
  await end(1, 0)
  await end(2, 0)
  assert.deepEqual(verbs(), ['status', 'status', 'off', 'on'])
  assert.equal(said.filter(({ kind }) => kind === 'fence-confirmed').length, 1)
  // The guard has not taken its wish back yet, and somebody changes the configuration.
  fence.configure(config(script(), { action: 'reset', testEvery: '2h' }))
  await end(3, 0)
  assert.deepEqual(verbs().slice(4), ['status'], 'its test, and nothing for the wish')
  fence.want({ id: 'second', known: true })
  await settled()
  assert.deepEqual(verbs().slice(5), ['status'])
  fence.want(null)
  await end(4, 0)
  await end(5, 0)
  assert.equal(verbs().length, 6, 'nobody wants it any more')
})

test('that the clock was set is no reason to call a device untested', t => {
  const desk = new FenceDesk({ send: () => true, note: () => undefined, onChange: () => undefined })
  desk.take({ ...config(script()), own: 'one' }, 1)
  t.mock.timers.enable({ apis: ['Date'], now: Date.parse('1970-01-01T00:00:10Z') })
  const at = new Date().toISOString()
  const state = {
    state: 'ok',
    power: 'on',
    since: at,
    testedAt: at,
    why: 'the power is on',
  } as const
  const devices = [{ name: 'it', kind: 'script', box: 'two', ...state } as const]
  desk.onMessage({ kind: 'fence-devices', devices })
  t.mock.timers.setTime(Date.parse('2026-11-22T09:00:00Z'))
  assert.deepEqual(desk.alarms, [])
})
