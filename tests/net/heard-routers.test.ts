import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { HeardRouter } from '../../appliance/status/heard-router.ts'
import { keepalived } from '../lab/namespaces/keepalived.ts'
import { openLab } from '../lab/namespaces/lab.ts'
import { runInside } from './inside-host.ts'

const instance = (name: string, vrid: number, address: string): string => `
  vrrp_instance ${name} {
    interface eth0
    virtual_router_id ${vrid}
    priority 120
    virtual_ipaddress { ${address} }
  }`

test('the routers of a keepalived are heard on the port where they are', async t => {
  const lab = await openLab(t)
  const [lan, other] = [await lab.switch('lan'), await lab.switch('other')]
  const [theirs, ours] = [await lab.host('theirs'), await lab.host('ours')]
  await theirs.plug(lan, { name: 'eth0', address: '192.0.2.7/24' })
  await ours.plug(lan, { name: 'port1', address: '192.0.2.8/24' })
  await ours.plug(other, { name: 'port2', address: '198.51.100.8/24' })
  assert.deepEqual(await runInside(ours, 'heard-routers'), [], 'nobody is there yet')

  const config =
    instance('V4', 51, '192.0.2.100/24') + instance('V6', 52, 'fe80::100/64\n2001:db8::100/64')
  const rival = await keepalived(theirs, config)
  await rival.untilState('V4', 'MASTER')
  await rival.untilState('V6', 'MASTER')

  const heard = await runInside<readonly HeardRouter[]>(ours, 'heard-routers')
  const [v4, v6] = heard.toSorted((one, two) => one.vrid - two.vrid)
  assert.deepEqual(v4, {
    interface: 'port1',
    vrid: 51,
    family: 'inet',
    source: '192.0.2.7',
    priority: 120,
  })
  assert.deepEqual([v6?.interface, v6?.vrid, v6?.family], ['port1', 52, 'inet6'])
  assert.equal(heard.length, 2)
})
