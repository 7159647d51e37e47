import assert from 'node:assert/strict'
import { test } from 'node:test'
import { interfaceUses } from '../../appliance/config/interface-uses.ts'

test('where a document names an interface, and not where something else is called so', () => {
  const document = {
    schemaVersion: 2,
    cluster: {
      routers: {
        port1: {
          interface: 'port1',
          virtualAddresses: ['192.0.2.100/24', { address: '192.0.2.101/24', interface: 'port1' }],
          trackInterfaces: ['port2'],
        },
      },
    },
    node: {
      hostname: 'port1',
      network: { interfaces: { port1: {}, lan: { bond: { members: ['port2', 'port1'] } } } },
    },
  }
  assert.deepEqual(interfaceUses(document, 'port1'), [
    'cluster.routers.port1.interface',
    'cluster.routers.port1.virtualAddresses[1].interface',
    'node.network.interfaces.port1',
    'node.network.interfaces.lan.bond.members[1]',
  ])
  assert.deepEqual(interfaceUses(document, 'port9'), [])
  assert.deepEqual(interfaceUses(null, 'port1'), [])
})
