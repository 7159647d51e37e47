import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { test } from 'node:test'
import {
  type RealServer,
  realServerScript,
  realServerSystems,
} from '../../appliance/ipvs/real-server-script.ts'
import { ipAddress } from '../../appliance/values/ip-address.ts'

const [inet, inet6] = [ipAddress('192.0.2.100'), ipAddress('2001:db8::100')]
const virtuals: readonly RealServer['virtual'][] = [[inet], [inet6], [inet, inet6]]
const methods = ['direct', 'tunnel'] as const

for (const method of methods) {
  for (const virtual of virtuals) {
    test(`shellcheck finds nothing: ${method}, ${virtual}`, () => {
      const input = realServerScript({ system: 'linux', virtual, method })!
      const { stdout, status } = spawnSync('shellcheck', ['-'], { input, encoding: 'utf8' })
      assert.deepEqual([status, stdout], [0, ''])
    })
  }
}

test('each system gets each address once, as a whole host', () => {
  const lengths = { '192.0.2.100': /\/32|= 32|255\.255\.255\.255/, '2001:db8::100': /\/128|128/ }
  for (const system of realServerSystems) {
    const virtual: RealServer['virtual'] = [inet, inet6, inet]
    const lines = realServerScript({ system, virtual, method: 'direct' })!
      .split('\n')
      .filter(line => !line.trim().startsWith('#'))
    for (const [address, length] of Object.entries(lengths)) {
      const found = lines.filter(line => line.includes(address))
      assert.equal(found.length, 1, `${system}, ${address}: ${found}`)
      assert.match(found[0]!, length)
    }
  }
})

test('tunnels: only where a host takes them from everybody', () => {
  const refused = realServerSystems.filter(
    system => realServerScript({ system, virtual: [inet], method: 'tunnel' }) === null,
  )
  assert.deepEqual(refused, ['windows', 'freebsd'])
  const netplan = realServerScript({ system: 'netplan', virtual: [inet6], method: 'tunnel' })!
  assert.match(netplan, /^ip6_tunnel$/m)
  assert.match(netplan, /^ {4}ip6tnl0:$/m)
  assert.doesNotMatch(netplan, /tunl0|arp_/)
})

test('IPv6 alone changes nothing of ARP', () => {
  const text = realServerScript({ system: 'linux', virtual: [inet6], method: 'direct' })!
  assert.doesNotMatch(text, /arp_/)
})
