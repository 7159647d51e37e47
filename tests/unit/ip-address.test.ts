import assert from 'node:assert/strict'
import { isIP } from 'node:net'
import { test } from 'node:test'
import fc from 'fast-check'
import {
  addressBytes,
  compareAddresses,
  familyOf,
  type IpAddress,
  ipAddress,
  ipAddressFrom,
  isLinkLocal,
  isMulticast,
  parseIpAddress,
} from '../../appliance/values/ip-address.ts'
import { macAddressFrom, macBytes, parseMacAddress } from '../../appliance/values/mac-address.ts'
import { parsePrefix, prefixText } from '../../appliance/values/prefix.ts'

const bytes = fc.oneof(
  fc.uint8Array({ minLength: 4, maxLength: 4 }),
  fc.uint8Array({ minLength: 16, maxLength: 16 }),
  // Runs of zeros, which random bytes hardly have.
  fc
    .array(fc.constantFrom(0, 0, 0, 1, 0xabcd), { minLength: 8, maxLength: 8 })
    .map(words => Uint8Array.from(words.flatMap(word => [word >> 8, word & 0xff]))),
)

test('an address survives the way to text and back', () => {
  fc.assert(
    fc.property(bytes, given => {
      const address = ipAddressFrom(given)
      assert.deepEqual(addressBytes(address), given)
      assert.equal(parseIpAddress(address), address)
    }),
  )
})

test('the text of an address is the one that a browser writes', () => {
  fc.assert(
    fc.property(bytes, given => {
      const address = ipAddressFrom(given)
      const host = given.length === 4 ? address : `[${address}]`
      assert.equal(new URL(`http://${host}/`).hostname, host)
    }),
  )
})

test('whatever text is given, it is an address exactly if Node says so', () => {
  const piece = fc.constantFrom(
    '::',
    ':',
    '.',
    '0',
    '1',
    '12',
    '255',
    '256',
    '01',
    'ff',
    'FFFF',
    'g',
  )
  const text = fc.array(piece, { maxLength: 17 }).map(pieces => pieces.join(''))
  fc.assert(
    fc.property(text, given => assert.equal(parseIpAddress(given) !== null, isIP(given) !== 0)),
    { numRuns: 5000 },
  )
})

const canonical: readonly (readonly [given: string, text: string])[] = [
  ['192.0.2.1', '192.0.2.1'],
  ['2001:DB8:0:0:0:0:0:1', '2001:db8::1'],
  ['2001:db8:0:1:1:1:1:1', '2001:db8:0:1:1:1:1:1'], // RFC 5952 4.2.2: one group stays
  ['2001:0:0:1:0:0:0:1', '2001:0:0:1::1'], // the longest run
  ['2001:db8:0:0:1:0:0:1', '2001:db8::1:0:0:1'], // the first of two
  ['0:0:0:0:0:0:0:0', '::'],
  ['::1', '::1'],
  ['1::', '1::'],
  ['::ffff:192.0.2.1', '::ffff:c000:201'],
  ['1:2:3:4:5:6:192.0.2.1', '1:2:3:4:5:6:c000:201'],
]

test('each address has one text', () => {
  for (const [given, text] of canonical) assert.equal(parseIpAddress(given), text, given)
})

const noAddresses = [
  '',
  '1.2.3',
  '1.2.3.4.5',
  '1.2.3.256',
  '01.2.3.4', // some read it as octal
  '1.2.3.4 ',
  ':',
  ':::',
  '1::2::3',
  '1:2:3:4:5:6:7',
  '1:2:3:4:5:6:7:8:9',
  '1:2:3:4:5:6:7::8', // "::" stands for at least one group
  ':1::2',
  '1::2:',
  '12345::',
  'fe80::1%eth0',
  '1.2.3.4::',
  '1.2.3.4::1',
  '::1.2.3.4:5',
]

test('what is no address is none', () => {
  for (const text of noAddresses) assert.equal(parseIpAddress(text), null, JSON.stringify(text))
  assert.throws(() => ipAddress('192.0.2'), /"192\.0\.2" is no IP address/)
  assert.throws(() => ipAddressFrom(new Uint8Array(6)), /4 or 16 bytes, not 6/)
  assert.throws(() => addressBytes('nonsense' as IpAddress), /"nonsense" is no IP address/)
})

const order = ['0.0.0.1', '9.255.255.255', '10.0.0.0', '255.0.0.0', '::1', 'fe80::1', 'fe80::1:0']

test('addresses are compared as numbers, IPv4 before IPv6', () => {
  for (const [i, a] of order.entries()) {
    for (const [j, b] of order.entries()) {
      const sign = Math.sign(compareAddresses(ipAddress(a), ipAddress(b)))
      assert.equal(sign, Math.sign(i - j), `${a} and ${b}`)
    }
  }
})

test('families, groups and link-local addresses are told apart', () => {
  assert.equal(familyOf(ipAddress('192.0.2.1')), 'inet')
  assert.equal(familyOf(ipAddress('::')), 'inet6')
  const groups = ['224.0.0.18', '239.255.255.255', 'ff02::12']
  for (const text of groups) assert.equal(isMulticast(ipAddress(text)), true, text)
  const single = ['223.255.255.255', '240.0.0.0', 'fe80::12', 'ff::1']
  for (const text of single) assert.equal(isMulticast(ipAddress(text)), false, text)
  const onLink = ['fe80::1', 'febf:ffff::1']
  for (const text of onLink) assert.equal(isLinkLocal(ipAddress(text)), true, text)
  const further = ['fec0::1', 'fe7f::1', 'fe8::1', '2001:db8::1', '169.254.0.1']
  for (const text of further) assert.equal(isLinkLocal(ipAddress(text)), false, text)
})

test('a prefix is an address and a length', () => {
  assert.deepEqual(parsePrefix('192.0.2.100/24'), { address: '192.0.2.100', length: 24 })
  assert.deepEqual(parsePrefix('192.0.2.100'), { address: '192.0.2.100', length: 32 })
  assert.deepEqual(parsePrefix('2001:DB8::1/0'), { address: '2001:db8::1', length: 0 })
  assert.deepEqual(parsePrefix('2001:db8::1'), { address: '2001:db8::1', length: 128 })
  for (const text of ['192.0.2.1/33', '::/129', '192.0.2.1/', '/24', '::1/024', '::1/64/64', '']) {
    assert.equal(parsePrefix(text), null, text)
  }
  assert.equal(prefixText({ address: ipAddress('192.0.2.100'), length: 24 }), '192.0.2.100/24')
})

test('a MAC address is six bytes with colons, in lower case', () => {
  assert.equal(parseMacAddress('02:00:5E:10:00:0a'), '02:00:5e:10:00:0a')
  for (const text of [
    '02:00:5e:10:00',
    '02-00-5e-10-00-01',
    '02:00:5e:10:00:01:02',
    '2:0:5e:1:0:1',
    '02:00:5e:10:00:1',
  ]) {
    assert.equal(parseMacAddress(text), null, text)
  }
  const given = Uint8Array.from([0, 0, 0x5e, 0, 1, 51])
  assert.equal(macAddressFrom(given), '00:00:5e:00:01:33')
  assert.deepEqual(macBytes(macAddressFrom(given)), given)
  assert.throws(() => macAddressFrom(new Uint8Array(8)), /6 bytes, not 8/)
})
