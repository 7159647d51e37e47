import assert from 'node:assert/strict'
import { test } from 'node:test'
import { InterfaceTable } from '../../appliance/linux/interface-table.ts'
import { putAddress, removeAddress } from '../../appliance/linux/netlink/address-message.ts'
import {
  concatenated,
  encodeAttributes,
  text,
  uint32,
} from '../../appliance/linux/netlink/attributes.ts'
import type { Message } from '../../appliance/linux/netlink/message.ts'
import { seconds } from '../../appliance/values/duration.ts'
import { macBytes, parseMacAddress } from '../../appliance/values/mac-address.ts'
import { parsePrefix } from '../../appliance/values/prefix.ts'

const running = 0x1 | 0x40 | 0x10000

const link = (
  type: 'new' | 'del',
  index: number,
  name: string,
  { flags = running, family = 0 }: { flags?: number; family?: number } = {},
): Message => {
  const header = new DataView(new ArrayBuffer(16))
  header.setUint8(0, family)
  header.setInt32(4, index, true)
  header.setUint32(8, flags, true)
  const attributes = encodeAttributes([
    [1, macBytes(parseMacAddress('02:00:00:00:00:01')!)],
    [3, text(name)],
    [4, uint32(1500)],
  ])
  const body = concatenated([new Uint8Array(header.buffer), attributes])
  return { type: type === 'new' ? 16 : 17, flags: 0, sequence: 0, port: 0, body }
}

const address = (type: 'new' | 'del', index: number, prefix: string, lease = 60): Message => {
  const wish = {
    interfaceIndex: index,
    prefix: parsePrefix(prefix)!,
    label: null,
    scope: 'global' as const,
    lease: seconds(lease),
    origin: 112,
  }
  const { body, type: number } = type === 'new' ? putAddress(wish) : removeAddress(wish)
  return { type: number, flags: 0, sequence: 0, port: 0, body }
}

/** `before -> after` of each change: the name, its state and its addresses. */
const shown = (changes: ReturnType<InterfaceTable['take']>): string[] => {
  const one = (side: (typeof changes)[number]['before']): string =>
    side === null
      ? 'nothing'
      : [
          side.name,
          side.up ? (side.carrier ? 'running' : 'no carrier') : 'down',
          ...side.addresses.map(({ prefix }) => prefix.address),
        ].join(' ')
  return changes.map(({ before, after }) => `${one(before)} -> ${one(after)}`)
}

const filled = (): InterfaceTable => {
  const table = new InterfaceTable()
  table.replace([
    link('new', 2, 'eth0'),
    link('new', 3, 'eth1'),
    address('new', 2, '192.0.2.1/24'),
    address('new', 2, '192.0.2.2/24'),
  ])
  return table
}

const was = 'eth0 running 192.0.2.1 192.0.2.2'

const rows: readonly (readonly [string, Message[], string[]])[] = [
  ['a new interface', [link('new', 4, 'lan')], ['nothing -> lan running']],
  ['a new name', [link('new', 3, 'wan')], ['eth1 running -> wan running']],
  [
    'the cable is pulled',
    [link('new', 3, 'eth1', { flags: 1 })],
    ['eth1 running -> eth1 no carrier'],
  ],
  [
    'dormant is no carrier',
    [link('new', 3, 'eth1', { flags: 0x10001 })],
    ['eth1 running -> eth1 no carrier'],
  ],
  ['set down', [link('new', 3, 'eth1', { flags: 0 })], ['eth1 running -> eth1 down']],
  ['gone, its addresses with it', [link('del', 2, 'eth0')], [`${was} -> nothing`]],
  ['gone and back at once', [link('del', 3, 'eth1'), link('new', 3, 'eth1')], []],
  ['a bridge has lost a port', [link('del', 3, 'eth1', { family: 7 })], []],
  [
    'an address comes',
    [address('new', 3, '2001:db8::1/64')],
    ['eth1 running -> eth1 running 2001:db8::1'],
  ],
  ['an address goes', [address('del', 2, '192.0.2.1/24')], [`${was} -> eth0 running 192.0.2.2`]],
  ['an address that was not there goes', [address('del', 2, '192.0.2.9/24')], []],
  ['a lease is renewed', [address('new', 2, '192.0.2.1/24', 90)], []],
  [
    'an address goes and comes back',
    [address('del', 2, '192.0.2.2/24'), address('new', 2, '192.0.2.2/24')],
    [],
  ],
  ['an address of nobody', [address('new', 9, '192.0.2.9/24')], []],
  ['something else', [{ ...link('new', 3, 'wan'), type: 28 }], []],
]

for (const [name, messages, wanted] of rows) {
  test(`interfaces: ${name}`, () => {
    const table = filled()
    assert.deepEqual(shown(table.take(messages)), wanted)
    assert.deepEqual(table.take([]), [])
  })
}

test('interfaces: read anew, only what is different is told', () => {
  const table = filled()
  const changes = table.replace([
    link('new', 2, 'eth0'),
    address('new', 2, '192.0.2.1/24', 30),
    address('new', 2, '192.0.2.2/24', 30),
    link('new', 5, 'lan'),
  ])
  assert.deepEqual(shown(changes), ['eth1 running -> nothing', 'nothing -> lan running'])
  assert.equal(table.get(2)?.addresses[0]?.validFor, seconds(30))
})
