import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { openLab } from '../lab/namespaces/lab.ts'
import { startInside, told } from './inside-host.ts'

type Told = { routes: string[]; rules: string[]; refused: string[] }

const box = async (t: TestContext) => {
  const lab = await openLab(t)
  const host = await lab.host('box')
  const address = ['192.0.2.1/24', '2001:db8::1/64']
  await host.plug(await lab.switch('lan'), { name: 'eth0', address })
  const reach = async (args: object) => {
    const program = await startInside(host, 'routes', args)
    assert.equal((await program.closed).code, 0, program.output)
    return told<Told>(program) as [Told, Told]
  }
  const ip = (line: string) => host.must('ip', line.split(' '))
  return { host, reach, ip }
}

const nothing = { routes: [], rules: [], refused: [] }

const goal = {
  routes: [
    { family: 'inet', to: '203.0.113.0/24', via: '192.0.2.254', from: '192.0.2.1' },
    { family: 'inet', via: '192.0.2.254', table: 1000, metric: 50 },
    { family: 'inet', to: '198.51.100.0/24', dev: 'eth0' },
    { family: 'inet6', to: '2001:db8:f::/48', via: 'fe80::1', dev: 'eth0' },
    { family: 'inet6', via: '2001:db8::fe', metric: 512 },
  ],
  rules: [
    { family: 'inet', from: '203.0.113.0/24', table: 1000, preference: 100 },
    { family: 'inet', to: '198.51.100.7/32', mark: 7, table: 200, preference: 101 },
    { family: 'inet6', from: '2001:db8:f::/48', table: 1000, preference: 100 },
  ],
} as const

test('routes and rules come, stay untouched while they are right, and go', async t => {
  const { ip, reach } = await box(t)
  const [first, second] = await reach(goal)
  assert.deepEqual(first, {
    routes: ['add', 'add', 'add', 'add', 'add'],
    rules: ['add', 'add', 'add'],
    refused: [],
  })
  assert.deepEqual(second, nothing)

  const shown = await ip('-details route show table all proto 112')
  assert.match(shown, /203\.0\.113\.0\/24 via 192\.0\.2\.254 dev eth0.* src 192\.0\.2\.1/)
  assert.match(shown, /default via 192\.0\.2\.254 dev eth0 table 1000 .*metric 50/)
  assert.match(shown, /198\.51\.100\.0\/24 dev eth0 .*scope link/)
  const six = await ip('-6 route show table all proto 112')
  assert.match(six, /2001:db8:f::\/48 via fe80::1 dev eth0/)
  assert.match(six, /default via 2001:db8::fe dev eth0 metric 512/)
  assert.match(await ip('rule show'), /100:\tfrom 203\.0\.113\.0\/24 lookup 1000/)
  assert.match(await ip('rule show'), /101:\tfrom all to 198\.51\.100\.7 fwmark 0x7 lookup 200/)

  const [less] = await reach({ routes: goal.routes.slice(0, 1), rules: goal.rules.slice(0, 1) })
  assert.deepEqual(less.routes, ['remove', 'remove', 'remove', 'remove'])
  assert.deepEqual(less.rules, ['remove', 'remove'])
  await reach({})
  assert.equal(await ip('route show table all proto 112'), '')
  assert.doesNotMatch(await ip('rule show'), /100:/)
})

test('routes and rules of others stay, however alike', async t => {
  const { ip, reach } = await box(t)
  await ip('route add 203.0.113.0/24 via 192.0.2.253')
  await ip('rule add from 203.0.113.0/24 table 1000 preference 90')
  const before = [await ip('route show'), await ip('rule show')]
  const [added] = await reach(goal)
  assert.deepEqual(added.refused, [])
  // Ours is asked first.
  assert.match(await ip('route get 203.0.113.9'), /via 192\.0\.2\.254/)
  await reach({})
  assert.deepEqual([await ip('route show'), await ip('rule show')], before)
})

test('another gateway replaces a route, one that somebody removed comes back', async t => {
  const { ip, reach } = await box(t)
  await reach(goal)
  await ip('route del default table 1000')
  const [other, ...rest] = goal.routes
  const [first, second] = await reach({
    ...goal,
    routes: [{ ...other, via: '192.0.2.252' }, ...rest],
  })
  assert.deepEqual(first.routes, ['remove', 'add', 'add'])
  assert.deepEqual(second, nothing)
  assert.match(await ip('route get 203.0.113.9'), /via 192\.0\.2\.252/)
})

test('the kernel says why in its own words, and what to do', async t => {
  const { ip, reach } = await box(t)
  await ip('-6 route add default via 2001:db8::fd metric 512')
  const [{ refused }] = await reach({
    routes: [
      { family: 'inet', to: '203.0.113.0/24', via: '10.1.2.3' },
      { family: 'inet', to: '203.0.113.0/24', dev: 'eth0', from: '192.0.2.77' },
      { family: 'inet6', via: '2001:db8::fe', metric: 512 },
    ],
  })
  assert.equal(refused.length, 3)
  assert.match(refused[0]!, /^RTM_NEWROUTE on 203.* via 10\.1\.2\.3 .*gateway is on no network/)
  assert.match(refused[1]!, /[Ii]nvalid prefsrc|source must be an address of this box/)
  assert.match(refused[2]!, /default \(inet6\).*give the virtual one another metric/)
})
