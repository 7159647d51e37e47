import assert from 'node:assert/strict'
import { test } from 'node:test'
import { FrameReader } from '../../appliance/pairing/frame-reader.ts'
import { frameBytes, longestFrame, type ShareFrame } from '../../appliance/pairing/frames.ts'
import type { Configuration } from '../../appliance/supervisor/configuration/configuration.ts'
import { hashOf, PairSharing } from '../../appliance/supervisor/pair/sharing.ts'

/** What a box in sync says over the wire of a change that its processes refuse so. */
async function refusal(whys: readonly string[]) {
  const half = { routers: {} }
  const sent: ShareFrame[] = []
  const sharing = new PairSharing({
    configuration: () => ({ half, fromPeer: async () => whys }) as unknown as Configuration,
    send: frame => sent.push(frame),
    record: () => undefined,
    peerName: () => 'lb1',
    nodeFor: () => ({ kind: 'node', node: undefined }),
    onStage: () => undefined,
    onUnshared: () => undefined,
  })
  const base = hashOf(half)
  const agreed = { hash: base, count: 1 }
  sharing.linked(agreed, true)
  sharing.heard({ frame: 'half', hash: base, agreed })
  const cluster = { routers: { VI_1: {} } }
  const content = { cluster, author: 'ann', reason: '', trial: null }
  sharing.heard({ frame: 'propose', id: '1', base, hash: hashOf(cluster), content })
  await new Promise(resolve => setImmediate(resolve))
  const last = sent.at(-1)
  assert.ok(last !== undefined)
  const reader = new FrameReader()
  reader.limit = longestFrame
  reader.add(frameBytes(last))
  return reader.next()
}

test('a refusal arrives as one, however much there is to say', async () => {
  const many = Array.from({ length: 60 }, (_, index) => `finding ${index}`)
  assert.deepEqual(await refusal(many), {
    kind: 'frame',
    frame: { frame: 'refuse', id: '1', whys: [...many.slice(0, 49), 'and 11 more'] },
  })
  assert.deepEqual(await refusal(many.slice(0, 50)), {
    kind: 'frame',
    frame: { frame: 'refuse', id: '1', whys: many.slice(0, 50) },
  })
  assert.deepEqual(await refusal(['a'.repeat(4001)]), {
    kind: 'frame',
    frame: { frame: 'refuse', id: '1', whys: ['a'.repeat(4000)] },
  })
})
