import assert from 'node:assert/strict'
import { test } from 'node:test'
import { milliseconds } from '../../../appliance/values/duration.ts'
import { openLab } from '../../lab/namespaces/lab.ts'

test('VLAN tags and their TCP checksums survive a delayed link', async t => {
  const lab = await openLab(t)
  const lan = await lab.switch('lan')
  const [one, two] = [await lab.host('one'), await lab.host('two')]
  const link = await one.plug(lan, { name: 'eth0', address: '192.0.2.1/24' })
  await two.plug(lan, { name: 'eth0', address: '192.0.2.2/24' })
  for (const [host, address] of [
    [one, '198.51.100.1/24'] as const,
    [two, '198.51.100.2/24'] as const,
  ]) {
    await host.must('ip', 'link add link eth0 name eth0.42 type vlan id 42'.split(' '))
    await host.must('ip', ['address', 'add', address, 'dev', 'eth0.42'])
    await host.must('ip', ['link', 'set', 'eth0.42', 'up'])
  }
  await link.delay(milliseconds(20))
  const { answered, roundTrip } = await one.ping('198.51.100.2', 5)
  assert.equal(answered, 5)
  assert.ok(roundTrip >= 40, `${roundTrip} ms`)

  const server = await two.start('sh', ['-c', 'socat -u TCP-LISTEN:8080 - | sha256sum'])
  await two.must('sh', ['-c', 'until ss -tln | grep -q :8080; do sleep 0.05; done'])
  const send = 'head -c 2000000 /dev/zero | socat -u - TCP:198.51.100.2:8080'
  await one.must('sh', ['-c', send])
  await server.closed
  assert.equal(server.stdout, await one.must('sh', ['-c', 'head -c 2000000 /dev/zero | sha256sum']))
})
