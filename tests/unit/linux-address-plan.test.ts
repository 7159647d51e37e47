import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type AddressGoal, planAddresses } from '../../appliance/linux/address-plan.ts'
import type { AddressWish, KernelAddress } from '../../appliance/linux/netlink/address-message.ts'
import { seconds } from '../../appliance/values/duration.ts'
import { ipAddress } from '../../appliance/values/ip-address.ts'
import { parsePrefix, prefixText } from '../../appliance/values/prefix.ts'

const ours = 112

const wish = (text: string, other: Partial<AddressWish> = {}): AddressWish => ({
  interfaceIndex: 2,
  prefix: parsePrefix(text)!,
  label: null,
  scope: 'global',
  lease: seconds(6),
  origin: ours,
  ...other,
})

const there = (text: string, other: Partial<KernelAddress> = {}): KernelAddress => ({
  interfaceIndex: 2,
  prefix: parsePrefix(text)!,
  label: 'eth0',
  scope: 'global',
  state: 'usable',
  validFor: seconds(5),
  preferredFor: seconds(5),
  origin: ours,
  ...other,
})

const plan = (goal: Partial<AddressGoal>, actual: readonly KernelAddress[]): string[] =>
  planAddresses(
    { wanted: [], unwanted: [], origin: ours, renewBelow: seconds(3), ...goal },
    actual,
  ).map(op => `${op.kind} ${prefixText(op.kind === 'remove' ? op.address.prefix : op.wish.prefix)}`)

const vip = '192.0.2.100/24'
const vip6 = '2001:db8::100/64'
const forEver = { validFor: null, preferredFor: null }

const rows: readonly (readonly [string, string[], Partial<AddressGoal>, KernelAddress[]])[] = [
  ['nothing wanted, nothing there', [], {}, []],
  ['missing', [`add ${vip}`], { wanted: [wish(vip)] }, []],
  ['there', [], { wanted: [wish(vip)] }, [there(vip)]],
  [
    'lease runs out',
    [`renew ${vip}`],
    { wanted: [wish(vip)] },
    [there(vip, { validFor: seconds(3) })],
  ],
  ['lease for ever', [`renew ${vip}`], { wanted: [wish(vip)] }, [there(vip, forEver)]],
  [
    'lease too long',
    [`renew ${vip}`],
    { wanted: [wish(vip)] },
    [there(vip, { validFor: seconds(60) })],
  ],
  [
    'wanted for ever, there for a time',
    [`renew ${vip}`],
    { wanted: [wish(vip, { lease: null })] },
    [there(vip)],
  ],
  [
    'wanted and there for ever',
    [],
    { wanted: [wish(vip, { lease: null })] },
    [there(vip, forEver)],
  ],
  ['put there by somebody else', [], { wanted: [wish(vip)] }, [there(vip, { origin: 0 })]],
  [
    'other prefix length',
    ['remove 192.0.2.100/32', `add ${vip}`],
    { wanted: [wish(vip)] },
    [there('192.0.2.100/32', { origin: 0 })],
  ],
  [
    'other scope',
    [`remove ${vip}`, `add ${vip}`],
    { wanted: [wish(vip)] },
    [there(vip, { scope: 'link' })],
  ],
  [
    'other label',
    [`remove ${vip}`, `add ${vip}`],
    { wanted: [wish(vip, { label: 'eth0:1' })] },
    [there(vip)],
  ],
  ['same label', [], { wanted: [wish(vip, { label: 'eth0' })] }, [there(vip)]],
  [
    'IPv6 knows neither',
    [],
    { wanted: [wish(vip6, { scope: 'link', label: 'eth0:1' })] },
    [there(vip6, { label: null })],
  ],
  [
    'IPv6 has lost it to another box',
    [`remove ${vip6}`, `add ${vip6}`],
    { wanted: [wish(vip6)] },
    [there(vip6, { state: 'duplicate' })],
  ],
  ['IPv6 is still checked', [], { wanted: [wish(vip6)] }, [there(vip6, { state: 'tentative' })]],
  ['left behind by us', [`remove ${vip}`], {}, [there(vip)]],
  ["somebody else's", [], {}, [there(vip, { origin: 0 })]],
  [
    "unwanted, though somebody else's",
    [`remove ${vip}`],
    { unwanted: [{ interfaceIndex: 2, address: ipAddress('192.0.2.100') }] },
    [there(vip, { origin: 0 })],
  ],
  [
    'unwanted on another interface',
    [],
    { unwanted: [{ interfaceIndex: 3, address: ipAddress('192.0.2.100') }] },
    [there(vip, { origin: 0 })],
  ],
  [
    'wanted on one interface, there on another',
    [`remove ${vip}`, `add ${vip}`],
    { wanted: [wish(vip)] },
    [there(vip, { interfaceIndex: 3 })],
  ],
  [
    'wanted and unwanted: one router is master of it',
    [],
    { wanted: [wish(vip)], unwanted: [{ interfaceIndex: 2, address: ipAddress('192.0.2.100') }] },
    [there(vip)],
  ],
  [
    'the last one goes first',
    ['remove 192.0.2.3/24', 'remove 192.0.2.2/24'],
    {},
    [there('192.0.2.2/24'), there('192.0.2.3/24')],
  ],
]

for (const [name, wanted, goal, actual] of rows) {
  test(`addresses: ${name}`, () => assert.deepEqual(plan(goal, actual), wanted))
}
