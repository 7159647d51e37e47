import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import {
  decodeHeartbeat,
  encodeHeartbeat,
  heartbeatSizes,
} from '../../appliance/guard/heartbeat-codec.ts'
import { leaseSilence, otherNotices } from '../../appliance/guard/lease-policy.ts'
import { leastSilence } from '../../appliance/guard/policy.ts'
import { FrameReader, frame, framedSize } from '../../appliance/guard/serial-frame.ts'
import { lineTime, paceOf, SerialPace } from '../../appliance/guard/serial-pace.ts'
import { type Duration, instant, milliseconds } from '../../appliance/values/duration.ts'
import { guardConfig, guarded, heartbeat, hmac, said, secret } from './guard-words.ts'

/** Whole heartbeats with their zeros, lengths around the blocks of COBS among them. */
const bytes = fc.oneof(
  fc.uint8Array({ minLength: 1, maxLength: 600 }),
  fc.integer({ min: 250, max: 520 }).map(length => new Uint8Array(length).fill(7)),
)
const hex = (all: readonly Uint8Array[]) => all.map(each => Buffer.from(each).toString('hex'))

/** What a reader finds when the bytes come in pieces of this length. */
function read(stream: Uint8Array, piece: number): readonly Uint8Array[] {
  const reader = new FrameReader()
  const found: Uint8Array[] = []
  for (let at = 0; at < stream.length; at += piece) {
    found.push(...reader.take(stream.subarray(at, at + piece)))
  }
  return found
}

test('a frame is COBS between two zeros', () => {
  const hexOf = (...all: number[]) => Buffer.from(frame(Uint8Array.from(all))).toString('hex')
  assert.equal(hexOf(0x11, 0x22, 0, 0x33), '000311220233' + '00')
  assert.equal(hexOf(0), '00010100')
  assert.equal(hexOf(0, 0), '0001010100')
})

test('what is framed is read again, however it is cut', () => {
  fc.assert(
    fc.property(fc.array(bytes, { maxLength: 4 }), fc.integer({ min: 1, max: 99 }), (all, cut) => {
      const stream = Buffer.concat(all.map(frame))
      assert.deepEqual(hex(read(stream, cut)), hex(all))
      for (const each of all) assert.ok(frame(each).length <= framedSize(each.length))
    }),
  )
})

test('whatever comes before a heartbeat costs no heartbeat', () => {
  const own = encodeHeartbeat({ ...heartbeat, routers: [said] }, secret, hmac)
  const banner = new TextEncoder().encode('Debian GNU/Linux 12 lb2 ttyS1\r\n\r\nlb2 login: ')
  const noise = fc.oneof(
    fc.uint8Array({ maxLength: 5000 }),
    fc.constant(banner),
    // One that was cut off.
    fc.integer({ min: 0, max: own.length }).map(length => frame(own).subarray(0, length)),
  )
  fc.assert(
    fc.property(fc.array(noise, { maxLength: 4 }), fc.integer({ min: 1, max: 700 }), (all, cut) => {
      const stream = Buffer.concat([...all.flatMap(each => [each, frame(own)]), frame(own)])
      const heard = read(stream, cut).filter(each => {
        return decodeHeartbeat(each, { secret }, hmac).kind === 'heartbeat'
      })
      assert.equal(heard.length, all.length + 1)
    }),
  )
})

test('a line of noise without an end takes no memory, and its end brings one refusal', () => {
  const reader = new FrameReader()
  for (let i = 0; i < 1000; i++) assert.deepEqual(reader.take(new Uint8Array(1000).fill(65)), [])
  const [found, ...more] = reader.take(Uint8Array.of(0))
  assert.deepEqual([found?.length, more], [2048, []])
})

const at = (ms: number) => instant(milliseconds(ms))
const every = milliseconds(100)

test('half of the line is enough: who is slower says so in whole heartbeats', () => {
  const pace = (size: number, baud: number): Duration => paceOf(every, lineTime([size], baud))
  // 92 bytes are one router: 95 on the line, at 9600 baud 99 ms.
  assert.deepEqual(heartbeatSizes(1), [92])
  assert.equal(lineTime([92], 9600).toFixed(0), '99')
  assert.deepEqual([pace(92, 115_200), pace(92, 38_400), pace(92, 9600)], [100, 100, 200])
  // 48 of them: 1416 bytes.
  assert.deepEqual([heartbeatSizes(48), heartbeatSizes(50)], [[1408], [1408, 120]])
  assert.deepEqual([pace(1408, 115_200), pace(1408, 9600)], [300, 3000])
  assert.equal(pace(60_000, 9600), 65_535)
})

test('regular ones keep their pace, news goes at once, and nothing floods the line', () => {
  const busy = lineTime([92], 9600)
  const pace = paceOf(every, busy)
  const regular = new SerialPace(at(0))
  const sent = Array.from({ length: 20 }, (_, turn) => {
    // As timers are: a little early, a little late.
    return regular.admits(false, pace, busy, at(turn * 100 + (turn % 3)))
  })
  assert.equal(sent.filter(Boolean).length, 10)
  const news = new SerialPace(at(0))
  assert.equal(news.admits(false, pace, busy, at(0)), true)
  assert.equal(news.admits(true, pace, busy, at(20)), true)
  // Ten changes in a moment: the line would be a second behind.
  const flood = Array.from({ length: 10 }, () => news.admits(true, pace, busy, at(21)))
  assert.ok(flood.filter(Boolean).length <= 1, String(flood))
  const second = Array.from({ length: 1000 }, (_, ms) => news.admits(true, pace, busy, at(30 + ms)))
  assert.ok(second.filter(Boolean).length <= 11, 'no more than the line carries in a second')
})

const slow = milliseconds(1000)
const cable = { name: 'cable', serial: 'ttyS1', baud: 9600, pace: slow, direct: false } as const
const paths = [...guardConfig.paths.slice(0, 1), cable]

test('a word holds until the slow line would be silent too', () => {
  const { guard } = guarded({ paths })
  const holdsOf = (path: string, sequence: number, interval: Duration, now: number) => {
    const bytes = encodeHeartbeat({ ...heartbeat, sequence, interval }, secret, hmac)
    return guard.hear(path, bytes, at(now)).map(input => {
      return input.input === 'PeerSaid' && input.word.says === 'leads' ? input.word.holds : null
    })
  }
  assert.deepEqual(holdsOf('beside', 7, every, 1000), [350])
  assert.deepEqual(holdsOf('cable', 8, slow, 1010), [3500])
  // Ethernet goes silent after this one; the next that the cable carries comes at 2010.
  assert.deepEqual(holdsOf('beside', 9, every, 1100), [3410])
  assert.equal(guard.paths.get('cable')?.missing, 0)
  assert.deepEqual(holdsOf('cable', 18, slow, 2010), [3500])
  assert.equal(guard.paths.get('cable')?.missing, 0, 'those in between are not for it')
})

test('one owner first: who waits for the other one waits for the slow line', () => {
  const config = { ...guardConfig, policy: 'one-owner-first', paths } as const
  const quick = { ...config, paths: guardConfig.paths }
  const times = [leastSilence, otherNotices, leaseSilence]
  assert.deepEqual(
    times.map(time => time(quick)),
    [600, 450, 900],
  )
  assert.deepEqual(
    times.map(time => time(config)),
    [5500, 4500, 9000],
  )
})

test('the same heartbeat, signed for the pace of the line', () => {
  const { guard } = guarded({ paths })
  const paceIn = (bytes: Uint8Array | undefined) => {
    const decoded = decodeHeartbeat(bytes ?? new Uint8Array(), { secret }, hmac)
    return decoded.kind === 'heartbeat'
      ? [decoded.heartbeat.sequence, decoded.heartbeat.interval]
      : decoded
  }
  assert.deepEqual(paceIn(guard.heartbeats(at(0))[0]), [1, 100])
  assert.deepEqual(paceIn(guard.again(slow)[0]), [1, 1000])
  assert.deepEqual(paceIn(guard.heartbeats(at(100))[0]), [2, 100])
})
