import assert from 'node:assert/strict'
import { test } from 'node:test'
import { joined, readFlight } from '../../appliance/flight/flight-reader.ts'
import { FlightRecorder, usualSize } from '../../appliance/flight/flight-recorder.ts'
import { timelineOf } from '../../appliance/flight/timeline.ts'
import { instant, milliseconds, minutes, seconds } from '../../appliance/values/duration.ts'
import { ipAddress } from '../../appliance/values/ip-address.ts'
import { encodeAdvert } from '../../appliance/vrrp/encode.ts'
import { Ensemble } from '../../appliance/vrrp/ensemble.ts'
import { flightsOf, refly } from '../sim/flight.ts'
import { router } from './vrrp-codec-words.ts'

/** So small that it turns over several times in a run. */
const small = { segments: 4, segmentBytes: 68 * 1024, span: minutes(10) }
const seeds = Array.from({ length: 12 }, (_, index) => index + 1)

test('what simulated boxes have frozen replays with the same states', () => {
  let changes = 0
  let turned = 0
  for (const seed of seeds) {
    for (const flown of flightsOf(seed, small)) {
      const { flight, difference } = refly(flown.bytes)
      assert.equal(difference, null, `seed ${seed}`)
      changes += flight.changes.length
      if (flight.changes.length < flown.changes) turned += 1
    }
  }
  assert.ok(changes > 100, `${changes} changes were in them`)
  assert.ok(turned > 3, `${turned} rings had turned over`)
})

const [us, them] = [ipAddress('192.0.2.1'), ipAddress('192.0.2.2')]
const group = ipAddress('224.0.0.18')
const unix = Date.parse('2026-11-22T05:00:00.000Z')

const recorderOf = (ensemble: Ensemble, size: typeof small = usualSize) =>
  new FlightRecorder(
    { checkpoint: () => ensemble.checkpoint(), toUnix: () => unix, indexOf: () => 3 },
    size,
  )

const advert = (priority: number, change: Parameters<typeof router>[0] = {}): Uint8Array => {
  const config = router(change)
  const { version, family, vrid, interval, authentication } = config
  const addresses = config.addresses.map(({ prefix }) => prefix.address)
  const seal = authentication.kind === 'password' ? authentication : ({ kind: 'none' } as const)
  return encodeAdvert(
    { version, family, vrid, priority, interval, addresses },
    { source: them, destination: group, checksum: 'with-pseudo-header', seal },
  )
}

const heard = (payload: Uint8Array) => ({ source: them, destination: group, payload, ttl: 255 })

test('times are exact to the nanosecond, names and directions are there', () => {
  const recorder = recorderOf(new Ensemble())
  recorder.heard('eth0', heard(advert(100)), instant(1.25))
  recorder.said('eth1', { ...heard(advert(150)), source: us }, instant(2.000244140625))
  const flight = readFlight(joined(recorder.freeze('test', 'a comment', instant(3))))
  assert.equal(flight?.comment, 'a comment')
  const [one, two] = flight?.packets ?? []
  assert.deepEqual([one?.on, one?.direction, one?.at], ['eth0', 'in', unix + 1.25])
  assert.deepEqual([two?.on, two?.direction], ['eth1', 'out'])
  // A double has a step of a quarter of a microsecond there.
  assert.ok(Math.abs((two?.at ?? 0) - (unix + 2.000244140625)) <= 0.00025)
  assert.equal(one?.mark, null)
})

test('no password is in it, whoever sent it', () => {
  const recorder = recorderOf(new Ensemble())
  const version2 = {
    version: 2,
    interval: seconds(1),
    authentication: { kind: 'password', password: 'sesame' },
  } as const
  recorder.heard('eth0', heard(advert(100, version2)), instant(1))
  recorder.said('eth0', heard(advert(100, version2)), instant(2))
  recorder.input({ input: 'Configured', routers: [router(version2)], now: instant(3) })
  const bytes = joined(recorder.freeze('test', '', instant(4)))
  assert.ok(Buffer.from(advert(100, version2)).includes('sesame'))
  assert.equal(Buffer.from(bytes).includes('sesame'), false)
  assert.equal(readFlight(bytes)?.packets.length, 3)
})

test('a flood of what is refused leaves a second fifty of it', () => {
  const recorder = recorderOf(new Ensemble())
  for (let at = 0; at < 1500; at += 1) {
    recorder.heard('eth0', heard(advert(255)), instant(at))
    recorder.refuse(instant(at))
  }
  recorder.said('eth0', heard(advert(150)), instant(1500))
  const flight = readFlight(joined(recorder.freeze('test', '', instant(1500))))
  assert.equal(flight?.packets.length, 2 * 50 + 1)
})

test('the ring stays as large as it is, and forgets after minutes', () => {
  const recorder = recorderOf(new Ensemble(), { ...usualSize, segments: 3 })
  for (let count = 0; count < 30_000; count += 1) {
    recorder.heard('eth0', heard(advert(100)), instant(count))
  }
  const frozen = joined(recorder.freeze('test', '', instant(30_000)))
  assert.ok(frozen.length < 3 * usualSize.segmentBytes + 2000, `${frozen.length} bytes`)
  const later = instant(30_000 + minutes(7))
  assert.equal(readFlight(joined(recorder.freeze('test', '', later)))?.packets.length, 0)
})

test('what is cut off or something else is no flight', () => {
  const recorder = recorderOf(new Ensemble())
  recorder.heard('eth0', heard(advert(100)), instant(1))
  const whole = joined(recorder.freeze('test', '', instant(2)))
  for (const bytes of [whole.subarray(0, -1), whole.subarray(4), new Uint8Array(64)]) {
    assert.equal(readFlight(bytes), null)
  }
})

test('in the timeline what repeats is one line until a router changes', () => {
  const ensemble = new Ensemble()
  const recorder = recorderOf(ensemble)
  const say = (at: number) => {
    const now = instant(at)
    recorder.heard('eth0', heard(advert(100)), now)
    recorder.input({
      ...{ input: 'AdvertReceived', router: 'lan', source: them, secondPath: false, now },
      advert: {
        ...{ version: 3, family: 'inet', vrid: 51, priority: 100, addresses: [] },
        interval: milliseconds(1000),
      },
    })
  }
  recorder.input({ input: 'Configured', routers: [router()], now: instant(0) })
  say(1)
  say(2)
  const change = { router: 'lan', from: 'backup', to: 'master', why: 'silence' } as const
  recorder.fed([{ effect: 'StateChanged', ...change }], instant(3))
  say(4)
  const flight = readFlight(joined(recorder.freeze('test', '', instant(5))))
  const lines = timelineOf(flight?.packets ?? [])
  const said = 'VRRPv3 router 51 priority 100, 192.0.2.2 > 224.0.0.18'
  assert.deepEqual(
    lines.map(({ text, times, isChange }) => [text, times, isChange]),
    [
      ['configured: lan', 1, false],
      [said, 2, false],
      ['lan: backup -> master: silence', 1, true],
      [said, 1, false],
    ],
  )
})
