import assert from 'node:assert/strict'
import { test } from 'node:test'
import { guardConfig } from '../../appliance/config/guard-config.ts'
import { trackerConfigs } from '../../appliance/config/tracker-configs.ts'
import { accepted, pair, refusals } from './config/pair.ts'

const secret = 'hex:000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f'
const beside = { interface: 'eth1', peer: '198.51.100.2' }
const gateway = { kind: 'check', check: 'ping', address: '192.0.2.254' }

test('without a word the policy is that of keepalived, and nothing is said', () => {
  const { policy, paths, witnesses, interval, missed, advertTime } = guardConfig(accepted(pair({})))
  assert.deepEqual(
    { policy, paths, witnesses },
    { policy: 'availability-first', paths: [], witnesses: [] },
  )
  assert.deepEqual({ interval, missed, advertTime }, { interval: 100, missed: 3, advertTime: 400 })
})

test('paths of this box, and times that follow the routers and the witnesses', () => {
  const checks = {
    often: { kind: 'ping', interval: '200ms', retryInterval: '100ms', timeout: '150ms', fall: 3 },
  }
  const document = accepted(
    pair({
      cluster: {
        checks,
        trackers: { gateway: { ...gateway, check: 'often' } },
        guard: { policy: 'one-owner-first', witnesses: ['gateway'], secret },
      },
      node: { heartbeats: { beside: { ...beside, source: '198.51.100.1', direct: true } } },
    }),
  )
  const config = guardConfig(document)
  assert.equal(config.witnessTime, 200 + 2 * 150 + 150)
  assert.equal(config.corroborate, false)
  assert.equal(config.secret.length, 32)
  assert.deepEqual(config.paths, [
    {
      name: 'beside',
      interface: 'eth1',
      peer: '198.51.100.2',
      source: '198.51.100.1',
      port: 9694,
      direct: true,
    },
  ])
})

test('while the secret changes both are heard, and one of them signs', () => {
  const next = { secret: `hex:${'42'.repeat(32)}` }
  const firstBytes = (guard: object) => {
    const { secret: signs, otherSecret } = guardConfig(accepted(pair({ cluster: { guard } })))
    return [signs[1], otherSecret?.[1]]
  }
  assert.deepEqual(firstBytes({ secret }), [1, undefined])
  assert.deepEqual(firstBytes({ secret, next }), [1, 0x42])
  assert.deepEqual(firstBytes({ secret, next: { ...next, signs: true } }), [0x42, 1])
})

test('serial lines stand beside the others, with the usual speed', () => {
  const serialHeartbeats = { cable: { device: 'ttyS1' }, usb: { device: 'ttyUSB0', baud: 9600 } }
  const node = { heartbeats: { beside }, serialHeartbeats }
  const { paths } = guardConfig(accepted(pair({ cluster: { guard: { secret } }, node })))
  assert.deepEqual(paths.slice(1), [
    { name: 'cable', serial: 'ttyS1', baud: 115_200, pace: 100, direct: false },
    { name: 'usb', serial: 'ttyUSB0', baud: 9600, pace: 200, direct: false },
  ])
})

test('one owner first with leases alone: where they are, for how long', () => {
  const leases = { third: { address: '203.0.113.9', secret } }
  const config = guardConfig(
    accepted(pair({ cluster: { guard: { policy: 'one-owner-first', leases } } })),
  )
  const [lease] = config.leases
  assert.deepEqual(
    { ...lease, secret: lease?.secret.length },
    { name: 'third', address: '203.0.113.9', port: 9695, secret: 32, time: 500 },
  )
})

test('a tracker that asks: the question, its pace, and whom', () => {
  const trackers = { gateway, web: { ...gateway, check: 'tcp', port: 80 } }
  const found = trackerConfigs(accepted(pair({ cluster: { trackers } })))
  const asked = found.map(each =>
    each.kind === 'check'
      ? [each.name, each.check.question.kind, each.target.address, each.target.port]
      : [],
  )
  assert.deepEqual(asked, [
    ['gateway', 'ping', '192.0.2.254', null],
    ['web', 'tcp', '192.0.2.254', 80],
  ])
})

const serial = (serialHeartbeats: object, heartbeats: object = {}): object => ({
  cluster: { guard: { secret } },
  node: { heartbeats, serialHeartbeats },
})

const rows: readonly (readonly [what: string, parts: object, refused: RegExp])[] = [
  [
    'heartbeats without a secret',
    { node: { heartbeats: { beside } } },
    /^cluster\.guard\.secret: expected a secret with node\.heartbeats/,
  ],
  [
    'one owner first without a witness',
    { cluster: { guard: { policy: 'one-owner-first' } } },
    /^cluster\.guard\.witnesses: expected a witness or a lease with one-owner-first/,
  ],
  [
    'a lease without a secret',
    { cluster: { guard: { leases: { third: { address: '203.0.113.9' } } } } },
    /^cluster\.guard\.leases\.third\.secret/,
  ],
  [
    'a witness that is no tracker',
    { cluster: { trackers: { gateway }, guard: { witnesses: ['gatway'] } } },
    /^cluster\.guard\.witnesses\[0\] .* did you mean "?gateway/,
  ],
  [
    'more witnesses than there are',
    { cluster: { trackers: { gateway }, guard: { witnesses: ['gateway'], witnessesNeeded: 2 } } },
    /^cluster\.guard\.witnessesNeeded is 2, expected at most as many/,
  ],
  [
    'two paths over one interface and port',
    { cluster: { guard: { secret } }, node: { heartbeats: { one: beside, two: beside } } },
    /^node\.heartbeats\.two\.interface .* another interface or port/,
  ],
  [
    'a path to itself',
    {
      cluster: { guard: { secret } },
      node: { heartbeats: { beside: { ...beside, source: beside.peer } } },
    },
    /^node\.heartbeats\.beside\.peer .* the address of the other box/,
  ],
  [
    'a serial line without a secret',
    { node: { serialHeartbeats: { cable: { device: 'ttyS1' } } } },
    /^cluster\.guard\.secret: expected a secret with node\.serialHeartbeats/,
  ],
  [
    'heartbeats over the console',
    serial({ cable: { device: 'ttyS0' } }),
    /^node\.serialHeartbeats\.cable\.device .* ttyS0 is the console.*ttyS1/,
  ],
  [
    'two paths over one serial line',
    serial({ one: { device: 'ttyS1' }, two: { device: 'ttyS1' } }),
    /^node\.serialHeartbeats\.two\.device .* another device for each path/,
  ],
  [
    'two paths of one name',
    serial({ beside: { device: 'ttyS1' } }, { beside }),
    /^node\.serialHeartbeats\.beside.* another name than those in node\.heartbeats/,
  ],
  [
    'a device that is no serial line',
    serial({ cable: { device: 'watchdog' } }),
    /^node\.serialHeartbeats\.cable\.device .* the name of a serial device, such as "ttyS1"/,
  ],
  [
    'a speed that no port has',
    serial({ cable: { device: 'ttyS1', baud: 100 } }),
    /^node\.serialHeartbeats\.cable\.baud .* 9600 or/,
  ],
  [
    'a source of another family',
    {
      cluster: { guard: { secret } },
      node: { heartbeats: { beside: { ...beside, source: 'fe80::1' } } },
    },
    /^node\.heartbeats\.beside\.source .* family of the peer/,
  ],
  [
    'a tracker with a check that is not there',
    { cluster: { trackers: { gateway: { ...gateway, check: 'pin' } } } },
    /^cluster\.trackers\.gateway\.check is "pin"/,
  ],
  [
    'a tracker without the port that its check needs',
    { cluster: { trackers: { gateway: { ...gateway, check: 'tcp' } } } },
    /^cluster\.trackers\.gateway\.port: expected a port/,
  ],
]

for (const [what, parts, refused] of rows) {
  test(`refused: ${what}`, () => {
    const found = refusals(pair(parts))
    assert.equal(found.length, 1, found.join('\n'))
    assert.match(found[0] ?? '', refused)
  })
}
