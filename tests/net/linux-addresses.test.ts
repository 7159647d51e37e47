import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { keepalived } from '../lab/namespaces/keepalived.ts'
import { openLab } from '../lab/namespaces/lab.ts'
import { runInside, startInside, told } from './inside-host.ts'

type Told = { ops: string[]; refused: string[] }

const box = async (t: TestContext) => {
  const lab = await openLab(t)
  const lan = await lab.switch('lan')
  const host = await lab.host('box')
  const mac = '02:00:00:00:00:01'
  await host.plug(lan, { name: 'eth0', address: ['192.0.2.1/24', '2001:db8::1/64'], mac })
  const own = ['192.0.2.1/24', '2001:db8::1/64', 'fe80::ff:fe00:1/64']
  const reach = (args: object) => runInside<Told>(host, 'addresses', args)
  const has = async () => (await host.addresses('eth0')).filter(text => !own.includes(text))
  return { host, reach, has }
}

const three = [
  { prefix: '192.0.2.100/24', lease: 60 },
  { prefix: '198.51.100.1/32', label: 'eth0:web', scope: 'link', lease: 60 },
  { prefix: '2001:db8::100/64', lease: 60 },
]

test('addresses come, stay untouched while they are right, and go', async t => {
  const { host, reach, has } = await box(t)
  const program = await startInside(host, 'addresses', { wanted: three, times: 2 })
  assert.equal((await program.closed).code, 0)
  assert.deepEqual(told(program), [
    { ops: ['add', 'add', 'add'], refused: [] },
    { ops: [], refused: [] },
  ])
  assert.deepEqual((await has()).toSorted(), [
    '192.0.2.100/24',
    '198.51.100.1/32',
    '2001:db8::100/64',
  ])
  const shown = await host.must('ip', ['address', 'show', 'dev', 'eth0'])
  assert.match(shown, /198\.51\.100\.1\/32 scope link dynamic eth0:web/)
  // Never a source for connections of the box's own, and usable at once.
  assert.match(shown, /2001:db8::100\/64 scope global nodad deprecated dynamic/)
  assert.deepEqual(await reach({ wanted: three.slice(0, 1) }), {
    ops: ['remove', 'remove'],
    refused: [],
  })
  assert.deepEqual(await has(), ['192.0.2.100/24'])
})

test('what others left is put right: prefix, label, and no address of a backup', async t => {
  const { host, reach, has } = await box(t)
  for (const prefix of ['192.0.2.100/32', '198.51.100.1/32', '192.0.2.66/24']) {
    await host.must('ip', ['address', 'add', prefix, 'dev', 'eth0'])
  }
  const { ops } = await reach({ wanted: three, unwanted: ['192.0.2.66'] })
  assert.deepEqual(ops.toSorted(), ['add', 'add', 'add', 'remove', 'remove', 'remove'])
  assert.deepEqual((await has()).toSorted(), [
    '192.0.2.100/24',
    '198.51.100.1/32',
    '2001:db8::100/64',
  ])
})

test('what was left by a crash of ours goes, what others put there stays', async t => {
  const { host, reach, has } = await box(t)
  await reach({ wanted: three })
  await host.must('ip', ['address', 'add', '192.0.2.77/24', 'dev', 'eth0'])
  const { ops } = await reach({ wanted: [] })
  assert.deepEqual(ops, ['remove', 'remove', 'remove'])
  assert.deepEqual(await has(), ['192.0.2.77/24'])
})

test('an address taken over from keepalived gets our lease without leaving', async t => {
  const { host, reach, has } = await box(t)
  const theirs = await keepalived(
    host,
    `vrrp_instance V4 {
      interface eth0
      virtual_router_id 1
      priority 200
      virtual_ipaddress { 192.0.2.100/24 }
    }`,
  )
  await theirs.untilState('V4', 'MASTER')
  while (!(await has()).includes('192.0.2.100/24')) await wait(20)
  await theirs.crash()
  const watch = await host.start('ip', ['monitor', 'address'])
  assert.deepEqual((await reach({ wanted: three.slice(0, 1) })).ops, ['renew'])
  await watch.until(/192\.0\.2\.100/)
  assert.doesNotMatch(watch.output, /Deleted/)
})

test('the kernel drops what nobody renews, and keeps what is renewed', async t => {
  const { reach, has } = await box(t)
  const forgotten = ['192.0.2.100/24', '2001:db8::100/64']
  const renewed = ['192.0.2.101/24', '2001:db8::101/64']
  const began = performance.now()
  const wishes = (list: string[]) => list.map(prefix => ({ prefix, lease: 2 }))
  await reach({ wanted: wishes([...forgotten, ...renewed]) })
  const left = new Map<string, number>()
  while (left.size < forgotten.length) {
    assert.ok(performance.now() - began < 20_000, `only ${[...left.keys()]} went`)
    await reach({ wanted: wishes(renewed), renews: true })
    const present = await has()
    for (const prefix of forgotten) {
      if (!present.includes(prefix) && !left.has(prefix))
        left.set(prefix, performance.now() - began)
    }
    for (const prefix of renewed) assert.ok(present.includes(prefix), `${prefix} went too`)
  }
  for (const [prefix, after] of left) {
    assert.ok(after > 1900, `${prefix} went ${after} ms after it came, its lease was 2 s`)
    t.diagnostic(`${prefix} with a lease of 2 s went after ${after.toFixed(0)} ms`)
  }
})

test('the kernel says why in its own words', async t => {
  const { host, reach } = await box(t)
  await host.must('sh', ['-c', 'echo 1 >/proc/sys/net/ipv6/conf/eth0/disable_ipv6'])
  const wanted = [
    { prefix: '192.0.2.100/24', length: 33 },
    { prefix: '192.0.2.101/24', label: 'a-label-of-many-bytes' },
    { prefix: '2001:db8::100/64' },
    { prefix: '192.0.2.102/24' },
  ]
  const { ops, refused } = await reach({ wanted })
  assert.equal(ops.length, 4)
  assert.equal(refused.length, 3)
  assert.match(refused[0]!, /^RTM_NEWADDR on 192\.0\.2\.100\/33 at interface \d+: .*prefix length/)
  assert.match(refused[1]!, /^RTM_NEWADDR on 192\.0\.2\.101.*policy validation \(at byte \d+/)
  assert.match(refused[2]!, /^RTM_NEWADDR on 2001:db8::100.*IPv6 is (disabled|switched off)/)
})
