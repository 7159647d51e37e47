import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseAddressRange, parseEndpoint } from '../../appliance/config/address-range.ts'
import { pair, refusals } from './config/pair.ts'

const range = (text: string): readonly string[] | null => parseAddressRange(text)

test('ranges of addresses', () => {
  assert.deepEqual(range('192.0.2.9-11'), ['192.0.2.9', '192.0.2.10', '192.0.2.11'])
  assert.deepEqual(range('192.0.2.254-192.0.3.1'), [
    '192.0.2.254',
    '192.0.2.255',
    '192.0.3.0',
    '192.0.3.1',
  ])
  assert.deepEqual(range('2001:db8::e-10'), ['2001:db8::e', '2001:db8::f', '2001:db8::10'])
  assert.deepEqual(range('2001:db8::1-2001:db8::2'), ['2001:db8::1', '2001:db8::2'])
  assert.deepEqual(range('192.0.2.7-7'), ['192.0.2.7'])
  assert.equal(range('10.0.0.0-10.0.3.255')?.length, 1024)
})

const noRanges = [
  '192.0.2.9-8',
  '192.0.2.9-256',
  '192.0.2.9-',
  '192.0.2.9-10-11',
  '10.0.0.0-10.0.4.0',
  '192.0.2.1-2001:db8::1',
  '2001:db8::1-2001:db9::1',
  '2001:db8::1-fffff',
  '2001:db8::-5.5',
  '-5',
  '',
]

for (const text of noRanges) {
  test(`no range of addresses: "${text}"`, () => assert.equal(range(text), null))
}

test('addresses with a port', () => {
  assert.deepEqual(parseEndpoint('192.0.2.1:80'), { addresses: ['192.0.2.1'], port: 80 })
  assert.deepEqual(parseEndpoint('[2001:DB8::1]'), { addresses: ['2001:db8::1'], port: null })
  assert.deepEqual(parseEndpoint('[2001:db8::1-2]:65535'), {
    addresses: ['2001:db8::1', '2001:db8::2'],
    port: 65_535,
  })
})

const inService = (service: object): unknown =>
  pair({
    cluster: {
      services: { web: { virtual: ['192.0.2.100:80'], ...service } },
    },
  })

const virtual =
  'expected an endpoint such as "192.0.2.100:80", "[2001:db8::1]:80" or "192.0.2.100-110:80", ' +
  'or an object with more about it'

const server =
  'expected an endpoint such as "10.0.0.1:80" or "[2001:db8::1]:80", ' +
  'or an object with more about it'

const forwarding = 'expected "nat" or "direct" or "tunnel", or an object with more about the tunnel'

/** What is written in a service, and the line after `cluster.services.web.`. */
const refused: readonly (readonly [service: object, line: string])[] = [
  [
    { virtual: ['192.0.2.100 80'] },
    `virtual[0] is "192.0.2.100 80", ${virtual}; write "192.0.2.100:80"`,
  ],
  [
    { virtual: ['2001:db8::1 80'] },
    `virtual[0] is "2001:db8::1 80", ${virtual}; write "[2001:db8::1]:80"`,
  ],
  [
    { virtual: ['2001:db8::1:80'] },
    `virtual[0] is "2001:db8::1:80", ${virtual}; IPv6 addresses stand in brackets`,
  ],
  [{ virtual: ['192.0.2.100:0'] }, `virtual[0] is "192.0.2.100:0", ${virtual}`],
  [{ virtual: ['192.0.2.100:65536'] }, `virtual[0] is "192.0.2.100:65536", ${virtual}`],
  [{ virtual: ['[192.0.2.100]:80'] }, `virtual[0] is "[192.0.2.100]:80", ${virtual}`],
  [{ virtual: ['224.0.0.1:80'] }, `virtual[0] is "224.0.0.1:80", ${virtual}`],
  [{ virtual: [80] }, `virtual[0] is 80, ${virtual}`],
  [{ virtual: [] }, 'virtual is (a list of 0), expected at least one endpoint'],
  [
    { virtual: [{ address: '192.0.2.9-8', port: 80 }] },
    'virtual[0].address is "192.0.2.9-8", expected an address, or a range of at most 1024 such ' +
      'as "192.0.2.100-110"',
  ],
  [
    { virtual: [{ mark: 0 }] },
    'virtual[0].mark is 0, expected a whole number from 1 to 4294967295',
  ],
  [{ servers: { a: '10.0.0.1-2:80' } }, `servers.a is "10.0.0.1-2:80", ${server}`],
  [{ servers: { a: '10.0.0.1 80' } }, `servers.a is "10.0.0.1 80", ${server}; write "10.0.0.1:80"`],
  [
    { servers: { a: { address: '10.0.0.1', weight: 65_536 } } },
    'servers.a.weight is 65536, expected a whole number from 0 to 65535',
  ],
  [
    { servers: { a: { address: '10.0.0.1', uthreshold: 5 } } },
    "servers.a.uthreshold: there is no such key; keepalived's uthreshold is mostConnections here",
  ],
  [
    { servers: { 'a/b': '10.0.0.1' } },
    'servers["a/b"]: expected a name of 1 to 64 letters, digits and ". _ : -", no sign first',
  ],
  [
    { protocol: 'TCP' },
    'protocol is "TCP", expected "tcp" or "udp" or "sctp"; did you mean "tcp"?',
  ],
  [{ forwarding: 'DR' }, `forwarding is "DR", ${forwarding}; keepalived's DR is "direct" here`],
  [{ forwarding: 'TUN' }, `forwarding is "TUN", ${forwarding}; keepalived's TUN is "tunnel" here`],
  [
    { forwarding: { tunnel: 'ip' } },
    'forwarding.tunnel is "ip", expected "ipip" or "gre" or "gue"',
  ],
  [
    { persistence: 300 },
    'persistence is 300, expected null, a time such as "5m", or an object with more about it',
  ],
  [
    { persistence: { time: '1500ms' } },
    'persistence.time is "1500ms", expected a time from "1s" to "744h" in whole seconds',
  ],
  [
    { checks: [5] },
    'checks[0] is 5, expected the name of a check, or an object with more about it',
  ],
  [
    { checks: [{ check: 'tcp', wieght: 5 }] },
    'checks[0].wieght: there is no such key; did you mean weight?',
  ],
  [{ panicBelow: 101 }, 'panicBelow is 101, expected a whole number from 0 to 100'],
  [{ lb_kind: 'DR' }, "lb_kind: there is no such key; keepalived's lb_kind is forwarding here"],
  [
    { real_server: {} },
    "real_server: there is no such key; keepalived's real_server is servers here",
  ],
  [
    { delay_loop: 5 },
    "delay_loop: there is no such key; keepalived's delay_loop is " +
      'cluster.checks.NAME.interval here',
  ],
  [
    { TCP_CHECK: {} },
    'TCP_CHECK: there is no such key; keepalived\'s TCP_CHECK is "kind": "tcp" in ' +
      'cluster.checks.NAME here',
  ],
  [
    { ha_suspend: true },
    'ha_suspend: there is no such key; leave it out: both boxes check at all times, so that a ' +
      'takeover finds them ready',
  ],
]

for (const [service, line] of refused) {
  test(`refused: ${JSON.stringify(service)}`, () => {
    assert.deepEqual(refusals(inService(service)), [`cluster.services.web.${line}`])
  })
}
