import assert from 'node:assert/strict'
import { test } from 'node:test'
import { instant, milliseconds } from '../../appliance/values/duration.ts'
import type { Authentication } from '../../appliance/vrrp/advert.ts'
import { Ensemble, type EnsembleInput } from '../../appliance/vrrp/ensemble.ts'
import { RecordingWriter, readRecording } from '../../appliance/vrrp/recording.ts'
import { recordingsOf } from '../sim/recorder.ts'
import { replay } from '../sim/replay.ts'
import { router, self } from './vrrp-codec-words.ts'

const seeds = Array.from({ length: 25 }, (_, index) => index + 1)

test('a recording of a simulated box replays with the same effects', () => {
  for (const seed of seeds) {
    for (const recording of recordingsOf(seed)) {
      const { inputs, difference } = replay(recording)
      assert.equal(difference, null, `seed ${seed}`)
      assert.equal(inputs, recording.split('\n').length - 2)
    }
  }
})

const [recording = ''] = recordingsOf(1)
const lines = recording.split('\n')
/** The first that had effects: its number in the file, from 1 on. */
const line = lines.findIndex(text => text.includes('"effect"')) + 1

test('effects that are others than in the recording are shown, with their line', () => {
  const other = lines.with(line - 1, lines[line - 1]!.replace(/"effects":.*$/, '"effects":[]}'))
  const { difference } = replay(other.join('\n'))
  assert.match(
    difference ?? '',
    new RegExp(`^line ${line}, .*\\n {2}then \\[\\]\\n {2}now {2}\\[\\{`),
  )
})

test('an ensemble that does something else is noticed', () => {
  const ensemble = new Ensemble()
  const feed: Ensemble['feed'] = input => ensemble.feed(input).slice(1)
  assert.match(replay(recording, { feed }).difference ?? '', new RegExp(`^line ${line}, `))
})

const at = instant(5)
const eth0 = { down: null, inet: self.inet, inet6: self.inet6 }
const inputs: readonly EnsembleInput[] = [
  { input: 'InterfacesSeen', interfaces: new Map([['eth0', eth0]]), now: at },
  {
    input: 'TrackersReported',
    verdicts: new Map([['disk', { state: 'down', number: -3, why: 'it said 1' }]]),
    now: instant(5.0625),
  },
  { input: 'Configured', routers: [router()], now: at },
  { input: 'MaintenanceSet', why: null, now: at },
  {
    input: 'AdvertReceived',
    router: 'lan',
    advert: {
      version: 3,
      family: 'inet',
      vrid: 51,
      priority: 255,
      interval: milliseconds(100),
      addresses: [],
    },
    source: self.inet,
    secondPath: true,
    now: at,
  },
  { input: 'TimerDue', now: instant(0.1 + 0.2) },
  {
    input: 'PeerSaid',
    router: 'web',
    word: {
      says: 'leads',
      priority: 150,
      address: self.inet,
      holds: milliseconds(350),
      deaf: false,
    },
    now: at,
  },
  { input: 'PeerDoubted', now: at },
  { input: 'Paused', lost: milliseconds(5000.5), now: at },
  { input: 'Guarded', restraint: 'isolated', leastSilence: milliseconds(600), now: at },
  { input: 'TakeoverHeld', why: 'it may be alive', now: at },
  { input: 'FailoverRequested', router: null, now: at },
  { input: 'StopRequested', why: 'the end', now: at },
]

const written = (all: readonly EnsembleInput[]): string => {
  const writer = new RecordingWriter()
  return writer.begin() + all.map(input => writer.line(input, [])).join('')
}

const read = (text: string): readonly EnsembleInput[] => {
  const recorded = readRecording(text)
  assert.equal(recorded.kind, 'recording')
  return recorded.kind === 'recording' ? recorded.steps.map(({ input }) => input) : []
}

test('every input comes back as it was, maps and fractions too', () => {
  assert.deepEqual(read(written(inputs)), inputs)
})

test('a router that is configured as before comes back as the same object', () => {
  const [one, two, changed] = [router(), router({ name: 'wan' }), router({ priority: 7 })]
  const configured = (...routers: (typeof one)[]): EnsembleInput => {
    return { input: 'Configured', routers, now: at }
  }
  const all = read(written([configured(one, two), configured(two, changed), configured(two)]))
  const [first, second, third] = all.map(input => input.input === 'Configured' && input.routers)
  assert.ok(first && second && third)
  assert.equal(second[0], first[1])
  assert.notEqual(second[1], first[0])
  assert.equal(second[1]?.priority, 7)
  assert.equal(third[0], first[1])
})

test('no secret gets into a recording', () => {
  const secret = Uint8Array.of(171, 172, 173)
  const hmac: Authentication = {
    kind: 'hmac',
    keys: [{ id: 1, secret }],
    activeKey: 1,
    mode: 'enforce',
    window: milliseconds(5000),
  }
  const routers = [
    router({ authentication: { kind: 'password', password: 'sesame' } }),
    router({ name: 'wan', vrid: 52, authentication: hmac }),
  ]
  const text = written([{ input: 'Configured', routers, now: at }])
  assert.doesNotMatch(text, /sesame|171|172|173/)
  const [input] = read(text)
  assert.ok(input?.input === 'Configured')
  const without = { ...hmac, keys: [{ id: 1, secret: new Uint8Array() }] }
  assert.deepEqual(input.routers[1]?.authentication, without)
})

const whole = written(inputs)

test('the end of a line that a dying box could not finish is left out', () => {
  for (const end of [whole.length - 1, whole.length - 30]) {
    assert.deepEqual(read(whole.slice(0, end)), inputs.slice(0, -1))
  }
})

test('what is no recording is refused, with its line', () => {
  const first = { kind: 'broken', line: 1 }
  for (const text of ['', 'lan', '{"recording":"vrrp","format":1}']) {
    assert.deepEqual(readRecording(text), { ...first, why: 'it is empty' })
  }
  const header = 'it does not begin with {"recording":"vrrp","format":1}'
  for (const text of ['{}\n', 'lan\n', '{"recording":"vrrp","format":2}\n', whole.slice(40)]) {
    assert.deepEqual(readRecording(text), { ...first, why: header })
  }
})

test('a line that is no step is refused, with its number', () => {
  const bad = [
    'lan',
    '[]',
    'null',
    '{"input":{"input":"TimerDue"},"effects":[]}',
    '{"input":{"input":"TimerDue","now":1}}',
    '{"input":{"input":"Slept","now":1},"effects":[]}',
    '{"input":{"input":"Configured","now":1,"routers":[4]},"effects":[]}',
    '{"input":{"input":"Configured","now":1,"routers":[{}]},"effects":[]}',
    '{"input":{"input":"Configured","now":1},"effects":[]}',
    '{"input":{"input":"InterfacesSeen","now":1,"interfaces":{}},"effects":[]}',
    '{"input":{"input":"TrackersReported","now":1,"verdicts":[[1]]},"effects":[]}',
  ]
  for (const text of bad) {
    const expected = {
      kind: 'broken',
      line: inputs.length + 2,
      why: 'it is no step of this format',
    }
    assert.deepEqual(readRecording(`${whole}${text}\n`), expected, text)
  }
})
