import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { noParts } from '../../appliance/config/parts.ts'
import type { ProcessSpec } from '../../appliance/supervision/spec.ts'
import { Children } from '../../appliance/supervisor/children/children.ts'
import { Taking } from '../../appliance/supervisor/configuration/taking.ts'
import { milliseconds } from '../../appliance/values/duration.ts'
import { compileNative, foreign, speaking, until } from './supervisor-lab.ts'

compileNative()

const answering = (refused: readonly string[]) => `process.on('message', m => {
  if (m.kind !== 'configure-vrrp') return
  process.send({ kind: 'configured', id: m.id, refused: ${JSON.stringify(refused)} })
})`

const trusted = { trusted: true }

/** Processes that are told `configure-vrrp`, when they run and when they come. */
function lab(t: TestContext, specs: readonly ProcessSpec[], within = 20_000) {
  const names = specs.map(({ name }) => name)
  let id = 0
  const tell = (name: string) =>
    children.send(name, {
      kind: 'configure-vrrp',
      id,
      routers: [],
      interfaceTrackers: [],
      guard: noParts().routers.guard,
    })
  const children: Children = new Children({
    env: process.env,
    controlGroups: null,
    changesUser: false,
    onLine: () => {},
    onStateChange: (name, state, why) => taking.onStateChange(name, state, why),
    onReady: name => void tell(name),
    onMessage: (name, message) => {
      if (message.kind === 'configured') taking.onConfigured(name, message)
    },
    onExit: () => {},
  })
  const stateOf = (name: string) => children.roster.children.get(name)?.state.kind ?? null
  const taking = new Taking({
    put: (_, given) => {
      id = given
      for (const name of names) tell(name)
      return names
    },
    want: () => children.want(specs),
    stateOf,
    within: milliseconds(within),
  })
  t.after(() => children.stopAll())
  return { children, taking, stateOf }
}

test('processes that the change starts are waited for, and say what they could not do', async t => {
  const { taking } = lab(t, [
    speaking('good', answering([]), trusted),
    speaking('bad', answering(['no room', 'no way']), trusted),
  ])
  const whys = ['bad: no room', 'bad: no way']
  assert.deepEqual(await taking.give(noParts()), whys)
  assert.deepEqual(await taking.give(noParts()), whys, 'and so do those that run')
})

test('one that does not answer has refused', async t => {
  const { taking } = lab(t, [speaking('mute', '', trusted)], 3000)
  assert.deepEqual(await taking.give(noParts()), [
    'mute has not answered within 3 s; "diarch log mute" may say more',
  ])
})

test('one that ends over it has refused; one that does not run is not asked', async t => {
  const ending = foreign('ending', 'sleep 1; exit 3')
  const { taking, stateOf } = lab(t, [ending, speaking('good', answering([]), trusted)])
  const [why, ...others] = await taking.give(noParts())
  assert.deepEqual(others, [])
  assert.match(why ?? '', /^ending: is backing-off: .*code 3.*; "diarch log ending" may say more$/)
  await until(
    'it waits longer and longer',
    () => stateOf('ending'),
    seen => seen === 'backing-off',
  )
  assert.deepEqual(await taking.give(noParts()), [])
})
