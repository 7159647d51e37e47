import assert from 'node:assert/strict'
import { test } from 'node:test'
import { milliseconds } from '../../appliance/values/duration.ts'
import { type Capture, capture } from '../lab/namespaces/capture.ts'
import type { Host } from '../lab/namespaces/host.ts'
import { openLab, type TestContext } from '../lab/namespaces/lab.ts'

const pair = async (t: TestContext) => {
  const lab = await openLab(t)
  const lan = await lab.switch('lan')
  const one = await lab.host('one')
  const two = await lab.host('two')
  const address = (n: number) => [`192.0.2.${n}/24`, `2001:db8::${n}/64`]
  const link = await one.plug(lan, { name: 'eth0', address: address(1), mac: '02:00:00:00:00:01' })
  await two.plug(lan, { name: 'eth0', address: address(2) })
  return { lab, one, two, link }
}

test('hosts on a switch reach each other, IPv6 without waiting', async t => {
  const { one, two } = await pair(t)
  assert.equal(await one.must('ip', ['-6', 'address', 'show', 'tentative']), '')
  assert.equal(await one.pings('2001:db8::2'), true)
  assert.equal(await one.pings('192.0.2.2'), true)
  assert.equal(await two.pings('192.0.2.1'), true)
  assert.equal(await one.mac('eth0'), '02:00:00:00:00:01')
  const addresses = ['192.0.2.1/24', '2001:db8::1/64', 'fe80::ff:fe00:1/64']
  assert.deepEqual(await one.addresses('eth0'), addresses)
})

test('two switches are two networks', async t => {
  const { lab, one, two } = await pair(t)
  const second = await lab.switch('second')
  await one.plug(second, { name: 'eth1', address: '198.51.100.1/24' })
  assert.equal(await two.pings('198.51.100.1'), false)
  const three = await lab.host('three')
  await three.plug(second, { name: 'eth0', address: '198.51.100.3/24' })
  assert.equal(await one.pings('198.51.100.3'), true)
})

test('a cut takes the carrier of one host only, and healing gives it back', async t => {
  const { one, two, link } = await pair(t)
  await link.cut()
  assert.equal(await one.hasCarrier('eth0'), false)
  assert.equal(await two.hasCarrier('eth0'), true)
  assert.equal(await two.pings('192.0.2.1'), false)
  await link.heal()
  assert.equal(await one.hasCarrier('eth0'), true)
  assert.equal(await two.pings('192.0.2.1'), true)
})

for (const direction of ['in', 'out'] as const) {
  test(`silence ${direction} drops that way only and keeps the carrier`, async t => {
    const { one, two, link } = await pair(t)
    await link.silence(direction)
    const [atOne, atTwo] = [await capture(one, 'eth0'), await capture(two, 'eth0')]
    // Both ask, so both would be heard.
    await one.run('arping', ['-c1', '-w1', '-I', 'eth0', '192.0.2.2'])
    await two.run('arping', ['-c1', '-w1', '-I', 'eth0', '192.0.2.1'])
    const heard = async (by: Capture, host: Host) => {
      const mac = await host.mac('eth0')
      return by.frames.some(frame => frame.sourceMac === mac)
    }
    assert.equal(await heard(atTwo, one), direction === 'in')
    assert.equal(await heard(atOne, two), direction === 'out')
    assert.equal(await one.hasCarrier('eth0'), true)
    await link.heal()
    assert.equal(await one.pings('192.0.2.2'), true)
  })
}

test('loss drops about the given share', async t => {
  const { one, link } = await pair(t)
  assert.equal((await one.ping('192.0.2.2', 50)).answered, 50)
  await link.loss(0.3, 'out')
  // Of 300 pings 210 should come back, with a standard deviation of 8.
  const { answered } = await one.ping('192.0.2.2', 300)
  assert.ok(answered > 160 && answered < 260, `${answered} of 300 answered at 30 % loss`)
})

test('delay adds to both directions and keeps the carrier', async t => {
  const { one, link } = await pair(t)
  await link.delay(milliseconds(40))
  const { answered, roundTrip } = await one.ping('192.0.2.2', 20)
  assert.equal(answered, 20)
  assert.ok(roundTrip >= 80 && roundTrip < 160, `round trip ${roundTrip} ms for twice 40 ms`)
  assert.equal(await one.hasCarrier('eth0'), true)
  await link.silence('out')
  assert.equal(await one.pings('192.0.2.2'), false)
  await link.heal()
  assert.ok((await one.ping('192.0.2.2', 20)).roundTrip < 20)
})

test('duplicates arrive twice', async t => {
  const { one, two, link } = await pair(t)
  await link.delay(milliseconds(1), { duplicates: 1 })
  const seen = await capture(two, 'eth0', 'icmp[icmptype] == icmp-echo')
  await one.ping('192.0.2.2', 10)
  await seen.untilFrames(20)
  await seen.stop()
  assert.equal(seen.frames.length, 20)
})

test('jitter lets frames overtake each other', async t => {
  const { one, two, link } = await pair(t)
  await link.delay(milliseconds(1), { jitter: milliseconds(60) })
  const seen = await capture(two, 'eth0', 'icmp[icmptype] == icmp-echo')
  await one.ping('192.0.2.2', 100)
  await seen.untilFrames(100)
  const numbers = seen.frames.map(frame => frame.bytes.readUInt16BE(40))
  assert.equal(new Set(numbers).size, 100)
  assert.ok(numbers.some((n, i) => n < numbers[i - 1]!))
})

test('TCP survives a delayed link, checksums and large segments included', async t => {
  const { one, two, link } = await pair(t)
  await link.delay(milliseconds(2))
  const digest = 'dd if=/dev/zero bs=1M count=20 status=none | sha256sum'
  const server = await two.start('sh', ['-c', 'socat -u TCP-LISTEN:8080 - | sha256sum'])
  await two.must('sh', ['-c', 'until ss -tln | grep -q :8080; do sleep 0.05; done'])
  await one.must('sh', [
    '-c',
    'dd if=/dev/zero bs=1M count=20 status=none | socat -u - TCP:192.0.2.2:8080',
  ])
  await server.closed
  assert.equal(server.stdout, await one.must('sh', ['-c', digest]))
})
