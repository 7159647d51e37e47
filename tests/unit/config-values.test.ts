import assert from 'node:assert/strict'
import { test } from 'node:test'
import { pair, refusals } from './config/pair.ts'

/** What each kind of value takes, and what it refuses: shown by one key that is of this kind. */
type Kind = {
  readonly kind: string
  readonly document: (value: unknown) => unknown
  readonly good: readonly unknown[]
  readonly bad: readonly unknown[]
  readonly expected: string
}

const inRouter = (key: string) => (value: unknown) => pair({ router: { [key]: value } })

const inTracker = (tracker: object, key: string) => (value: unknown) =>
  pair({ cluster: { trackers: { it: { ...tracker, [key]: value } } } })

const secret = '0123456789abcdef0123456789abcdef'

const kinds: readonly Kind[] = [
  {
    kind: 'a whole number',
    document: inRouter('priority'),
    good: [1, 100, 255],
    bad: [0, 256, 1.5, -1, '100', null, true, [100]],
    expected: 'a whole number from 1 to 255',
  },
  {
    kind: 'a flag',
    document: inRouter('virtualMac'),
    good: [true, false],
    bad: ['true', 0, null],
    expected: 'true or false',
  },
  {
    kind: 'a choice',
    document: inRouter('handover'),
    good: ['at-once', 'after-skew'],
    bad: ['At-once', '', 1, null],
    expected: '"at-once" or "after-skew"',
  },
  {
    kind: 'a version',
    document: inRouter('version'),
    good: [3],
    bad: [1, 4, '3', null],
    expected: '2 or 3',
  },
  {
    kind: 'a time',
    document: inRouter('preemptDelay'),
    good: ['0s', '1000s', '1.5m', '0ms', '999999ms'],
    bad: ['1001s', '-1s', '5', 5, '', '1h', null],
    expected: 'a time from "0s" to "1000s"',
  },
  {
    kind: 'a time zone',
    document: value => pair({ node: { time: { zone: value } } }),
    good: ['UTC', 'Europe/Berlin', 'America/Argentina/Ushuaia', 'Etc/GMT+5'],
    bad: ['Europe/Berlyn', '+02:00', '', 'Europe Berlin', '../UTC', 2, null],
    expected: 'a time zone such as "Europe/Berlin", "America/New_York" or "UTC"',
  },
  {
    kind: 'a time server',
    document: value => pair({ node: { time: { servers: [value] } } }),
    good: ['ntp.example.com', 'ntp1', '192.0.2.123', '2001:db8::123'],
    bad: ['', 'ntp example', 'x"y', '2001:db8::zz', '[2001:db8::1]', 1, null],
    expected: 'a name of a host such as "ntp.example.com", or its address',
  },
  {
    kind: 'a time or null',
    document: value => pair({ router: { announce: { refresh: value } } }),
    good: [null, '1s', '24h'],
    bad: ['0s', '25h', 60, false],
    expected: 'a time from "1s" to "24h"',
  },
  {
    kind: 'an interface',
    document: inRouter('interface'),
    good: ['eth0', 'enp0s31f6', 'bond0.100', 'x', '123456789012345', 'a;b'],
    bad: ['', 'eth0:1', 'eth/0', '1234567890123456', '.', '..', 'eth 0', 'ethé', 5, null],
    expected: 'the name of an interface, 1 to 15 characters',
  },
  {
    kind: 'an address with its length',
    document: value => pair({ router: { virtualAddresses: [{ address: value }] } }),
    good: ['192.0.2.1', '192.0.2.1/24', '2001:DB8::1/64', '::ffff:192.0.2.1', '192.0.2.1/1'],
    bad: [
      '192.0.2.256/24',
      '192.0.2.1/33',
      '192.0.2.1/',
      '192.0.2.1/0',
      '224.0.0.1/24',
      'ff02::1',
    ].concat(['0.0.0.0/8', '::/64', 'host', '192.0.2.1/24 dev eth1', 'fe80::1%eth0', '']),
    expected: 'an address with the length of its network, such as "192.0.2.100/24"',
  },
  {
    kind: 'an address',
    document: inRouter('source'),
    good: ['192.0.2.1'],
    bad: ['192.0.2.1/24', '192.0.2', '224.0.0.18', 'eth0', 1, null],
    expected: 'an IP address such as "192.0.2.1" or "2001:db8::1"',
  },
  {
    kind: 'a multicast address',
    document: inRouter('multicastGroup'),
    good: ['224.0.0.18', '239.255.255.255'],
    bad: ['192.0.2.1', 'ff02::12/128', '', null],
    expected: 'a multicast address such as "224.0.0.18" or "ff02::12"',
  },
  {
    kind: 'a network or default',
    document: value =>
      pair({
        router: {
          virtualRoutes: [{ destination: value, interface: 'eth1', gateway: '192.0.2.1' }],
        },
      }),
    good: [
      'default',
      '198.51.100.0/24',
      '0.0.0.0/0',
      '198.51.100.7/32',
      '198.51.100.7',
      '10.0.0.0/7',
    ],
    bad: ['198.51.100.7/24', '11.0.0.0/7', '198.51.100.0/33', 'Default', 5, null],
    expected: '"default", or a network such as "198.51.100.0/24"',
  },
  {
    kind: 'a network of IPv6',
    document: value =>
      pair({ router: { virtualRules: [{ from: value, table: 100, preference: 100 }] } }),
    good: ['2001:db8::/32', '::/0', '2001:db8:8000::/33'],
    bad: ['10.128.0.0/8', '2001:db8::1/64', '2001:db8:4000::/33'],
    expected: 'a network such as "198.51.100.0/24", with no bits set behind its length',
  },
  {
    kind: 'a label',
    document: value =>
      pair({ router: { virtualAddresses: [{ address: '192.0.2.1/24', label: value }] } }),
    good: ['eth0:1', 'wan'],
    bad: ['', 'eth0:1234567890x', 'a b', 5],
    expected: 'a label of 1 to 15 characters without space and "/"',
  },
  {
    kind: 'a path',
    document: value => pair({ cluster: { notify: { fifo: value } } }),
    good: ['/run/states', null],
    bad: ['run/states', '', '/a\nb', 5],
    expected: 'an absolute path, which begins with a slash',
  },
  {
    kind: 'a user',
    document: inTracker({ kind: 'script', command: ['/bin/true'] }, 'user'),
    good: ['nobody', 'keepalived_script', 'www-data', null],
    bad: ['', '0', 'a b', 5, ':'],
    expected: 'a name of a user',
  },
  {
    kind: 'a program to look for',
    document: inTracker({ kind: 'process' }, 'program'),
    good: ['nginx', 'nginx: master'],
    bad: ['/usr/sbin/nginx', ''],
    expected: 'the name of a program, without its folder',
  },
  {
    kind: 'a password',
    document: value => pair({ router: { version: 2, authentication: { password: value } } }),
    good: ['1', '12345678', 'a b'],
    bad: ['', '123456789', 'é', 1111],
    expected: '1 to 8 ASCII characters',
  },
  {
    kind: 'a secret',
    document: value =>
      pair({ router: { authentication: { hmac: { keys: [{ id: 1, secret: value }] } } } }),
    good: [secret, secret + secret, `hex:${secret}${secret}`, 'é'.repeat(16)],
    bad: [
      secret.slice(1),
      `${secret}${secret}x`,
      `hex:${secret}`,
      `hex:${secret}${secret}0`,
      5,
    ].concat([`hex:${secret}${secret.slice(2)}xy`, 'é'.repeat(33)]),
    expected: '32 to 64 bytes: as text, or in hexadecimal after "hex:"',
  },
]

for (const { kind, document, good, bad, expected } of kinds) {
  for (const value of good) {
    test(`${kind}: ${JSON.stringify(value)} is taken`, () => {
      assert.deepEqual(refusals(document(value)), [])
    })
  }
  for (const value of bad) {
    test(`${kind}: ${JSON.stringify(value)} is refused`, () => {
      const [line = '', ...others] = refusals(document(value))
      assert.ok(line.includes(`expected ${expected}`), line)
      assert.deepEqual(others, [])
    })
  }
}

test('a command is a list of a path and arguments', () => {
  const document = inTracker({ kind: 'script' }, 'command')
  assert.deepEqual(refusals(document(['/bin/true'])), [])
  assert.deepEqual(refusals(document(['/bin/sh', '-c', 'a | b', ''])), [])
  const at = 'cluster.trackers.it.command'
  const list = 'expected a list: the absolute path of a program, and its arguments'
  assert.deepEqual(refusals(document('/bin/a b')), [
    `${at} is "/bin/a b", ${list}; one word each: ["/bin/a","b"]`,
  ])
  assert.deepEqual(refusals(document([])), [
    `${at}[0] is missing: expected an absolute path, which begins with a slash`,
  ])
  assert.deepEqual(refusals(document(['true'])), [
    `${at}[0] is "true", expected an absolute path, which begins with a slash`,
  ])
  assert.deepEqual(refusals(document(['/bin/a', 5])), [
    `${at}[1] is 5, expected an argument in quotes`,
  ])
})
