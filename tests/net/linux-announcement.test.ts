import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { capture } from '../lab/namespaces/capture.ts'
import { keepalived } from '../lab/namespaces/keepalived.ts'
import { openLab } from '../lab/namespaces/lab.ts'
import { runInside } from './inside-host.ts'

const mac = '02:00:00:00:00:01'

const network = async (t: TestContext) => {
  const lab = await openLab(t)
  const lan = await lab.switch('lan')
  const [box, client] = [await lab.host('box'), await lab.host('client')]
  await box.plug(lan, { name: 'eth0', address: ['192.0.2.1/24', '2001:db8::1/64'], mac })
  await client.plug(lan, { name: 'eth0', address: ['192.0.2.9/24', '2001:db8::9/64'] })
  const said = (args: object) =>
    runInside<{ outcome: string }>(box, 'announce', { interface: 'eth0', mac, ...args })
  return { box, client, said }
}

for (const [address, how] of [
  ['192.0.2.100', {}],
  ['192.0.2.100', { reply: true }],
  ['2001:db8::100', {}],
] as const) {
  test(`a neighbour corrects where ${address} is (${JSON.stringify(how)})`, async t => {
    const { client, said } = await network(t)
    const elsewhere = ['lladdr', '02:00:00:00:00:ee', 'dev', 'eth0', 'nud', 'stale']
    await client.must('ip', ['neighbour', 'replace', address, ...elsewhere])
    const seen = await capture(client, 'eth0')
    assert.deepEqual(await said({ address, ...how }), { outcome: 'sent' })
    await seen.untilAnnouncement(a => a.address === address)
    const entry = await client.must('ip', ['neighbour', 'show', address])
    assert.match(entry, new RegExp(`lladdr ${mac}`))
  })
}

test('the frames are those of keepalived, byte for byte', async t => {
  const { box, client, said } = await network(t)
  const seen = await capture(client, 'eth0')
  const instance = (name: string, vrid: number, address: string) => `
    vrrp_instance ${name} {
      interface eth0
      virtual_router_id ${vrid}
      version 3
      priority 200
      advert_int 0.1
      virtual_ipaddress { ${address} }
    }`
  const config = instance('V4', 1, '192.0.2.100/24') + instance('V6', 2, '2001:db8::100/64')
  const theirs = await keepalived(box, config)
  for (const address of ['192.0.2.100', '2001:db8::100']) {
    await seen.untilAnnouncement(a => a.address === address)
  }
  await theirs.stop()
  const frames = (): string[] =>
    seen.frames.filter(f => f.packet.kind === 'announcement').map(f => f.bytes.toString('hex'))
  const known = frames()
  for (const address of ['192.0.2.100', '2001:db8::100']) await said({ address })
  await seen.untilFrames(seen.frames.length + known.length - frames().length + 2)
  const own = frames().slice(known.length)
  assert.equal(own.length, 2)
  for (const frame of own) assert.ok(known.includes(frame), `${frame} is none of ${known}`)
})

test('an interface that is not there is refused by code', async t => {
  const { said } = await network(t)
  assert.deepEqual(await said({ interface: null, address: '192.0.2.100' }), { outcome: 'ENXIO' })
})
