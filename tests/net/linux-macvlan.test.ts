import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Interface } from '../../appliance/linux/interfaces.ts'
import { openLab } from '../lab/namespaces/lab.ts'
import { startInside, told, untilTold } from './inside-host.ts'

for (const { address, length, vrid, own } of [
  { address: '192.0.2.100', length: 32, vrid: '00:00:5e:00:01:33', own: '192.0.2.1' },
  { address: '2001:db8::100', length: 128, vrid: '00:00:5e:00:02:33', own: '2001:db8::1' },
]) {
  test(`${address} is reached at the MAC of its virtual router, ${own} at the card's`, async t => {
    const lab = await openLab(t)
    const lan = await lab.switch('lan')
    const [box, client] = [await lab.host('box'), await lab.host('client')]
    const mac = '02:00:00:00:00:01'
    await box.plug(lan, { name: 'eth0', address: ['192.0.2.1/24', '2001:db8::1/64'], mac })
    await client.plug(lan, { name: 'eth0', address: ['192.0.2.9/24', '2001:db8::9/64'] })
    const program = await startInside(box, 'macvlan', { address, length, vrid })
    type Told = { up: boolean; refused: unknown[]; outcome: string; shown: Interface }
    const { shown } = await untilTold(program, (fact: Told) => fact.shown?.addresses.length > 0)
    const [made, put] = told<Told>(program).filter(fact => fact.shown === undefined)
    assert.deepEqual([made, put], [{ up: false }, { refused: [], outcome: 'sent' }])
    assert.deepEqual([shown.kind, shown.up, shown.mac], ['macvlan', true, vrid])
    // No link-local address: it would be the same on every box.
    assert.deepEqual(
      shown.addresses.map(one => one.prefix.address),
      [address],
    )

    await client.must('ip', ['neighbour', 'flush', 'dev', 'eth0'])
    assert.equal(await client.pings(address), true)
    assert.equal(await client.pings(own), true)
    const entry = (of: string) => client.must('ip', ['neighbour', 'show', of])
    assert.match(await entry(address), new RegExp(`lladdr ${vrid}`))
    assert.match(await entry(own), new RegExp(`lladdr ${mac}`))

    program.signal('SIGTERM')
    assert.deepEqual(await program.closed, { code: 0, signal: null })
    const { again, left } = told<{ again: string; left: null }>(program).at(-1)!
    assert.match(again, /RTM_NEWLINK on vrrp\.51.*remove it, or choose another name/)
    assert.equal(left, null)
  })
}
