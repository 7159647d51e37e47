import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ipAddress } from '../../appliance/values/ip-address.ts'
import type { RouterConfig } from '../../appliance/vrrp/router-config.ts'
import { Speakers, type SpokenHow } from '../../appliance/vrrp/speakers.ts'
import { config, t } from './vrrp-router-words.ts'

const [peer, stranger] = [ipAddress('192.0.2.2'), ipAddress('192.0.2.66')]

const signed: RouterConfig = {
  ...config,
  authentication: {
    kind: 'hmac',
    keys: [{ id: 1, secret: new Uint8Array(32) }],
    activeKey: 1,
    mode: 'enforce',
    window: 5000 as never,
  },
}
const unicast: RouterConfig = {
  ...config,
  transport: { kind: 'unicast', peers: [peer], leastTtl: 255, ttl: 255 },
}

type Word = readonly [source: typeof peer, how: SpokenHow, at: number]

const after = (words: readonly Word[], of: RouterConfig, now: number) => {
  const speakers = new Speakers()
  for (const [source, how, at] of words) speakers.hear(source, how, t(at))
  return speakers.strangers(of, t(now))
}

const beside: readonly Word[] = [
  [peer, 'taken', 0],
  [stranger, 'refused', 100],
  [peer, 'taken', 200],
]

test('one other box is no stranger, two are', () => {
  assert.equal(after([[peer, 'taken', 0]], config, 100), null)
  const found = after(beside, config, 300)
  assert.equal(found?.since, 0)
  assert.match(
    found?.text ?? '',
    /virtual router 51 come on eth0 from 192\.0\.2\.2, 192\.0\.2\.66,/,
  )
})

test('three boxes that are meant say so by their handover', () => {
  assert.equal(after(beside, { ...config, handover: 'after-skew' }, 300), null)
})

test('one box that gets another address is no stranger', () => {
  const moved: readonly Word[] = [
    [peer, 'taken', 0],
    [stranger, 'taken', 100],
    [stranger, 'taken', 200],
  ]
  assert.equal(after(moved, config, 300), null)
})

test('who signs is the other box, and who does not is named, also when it is alone', () => {
  assert.equal(after([[peer, 'signed', 0]], signed, 100), null)
  const steady = [0, 6000, 12_000].map((at): Word => [peer, 'signed', at])
  assert.equal(after(steady, signed, 13_000), null)
  const found = after([[stranger, 'refused', 50]], signed, 100)
  assert.match(found?.text ?? '', /from 192\.0\.2\.66, and are not signed with a key of ours/)
  const both = after([[peer, 'signed', 0], ...beside.slice(1, 2)], signed, 300)
  assert.doesNotMatch(both?.text ?? '', /192\.0\.2\.2,/)
})

test('who is none of the unicast peers is named', () => {
  assert.equal(after([[peer, 'taken', 0]], unicast, 100), null)
  assert.match(
    after([[stranger, 'refused', 50]], unicast, 100)?.text ?? '',
    /from 192\.0\.2\.66, and that is none of the peers/,
  )
})

test('who says what heartbeats do not say is named alone, whatever his address', () => {
  const speakers = new Speakers()
  for (const [source, how, at] of beside) speakers.hear(source, how, t(at))
  speakers.disbelieve(peer, t(300))
  const text = speakers.strangers(config, t(400))?.text ?? ''
  assert.match(text, /from 192\.0\.2\.2, against what the heartbeats of the pair say/)
  speakers.hear(peer, 'taken', t(9000))
  const later = speakers.strangers(config, t(10_301))?.text ?? ''
  assert.doesNotMatch(later, /against what the heartbeats/)
})

test('it is over when nothing was heard for ten seconds', () => {
  const words: readonly Word[] = [[stranger, 'refused', 0]]
  assert.notEqual(after(words, unicast, 10_000), null)
  assert.equal(after(words, unicast, 10_001), null)
})

test('who forges its source fills neither the memory nor the message', () => {
  const speakers = new Speakers()
  for (let n = 0; n < 250; n += 1) speakers.hear(ipAddress(`203.0.113.${n}`), 'refused', t(n))
  const { text = '' } = speakers.strangers(unicast, t(300)) ?? {}
  assert.match(text, / and 12 more, and that is none of the peers/)
})
