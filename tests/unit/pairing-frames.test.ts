import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import {
  type Frame,
  FrameReader,
  frameBytes,
  longestFrame,
  longestGreeting,
} from '../../appliance/pairing/frames.ts'

const hash = 'a'.repeat(64)
const agreed = { hash, count: 3 }
const content = {
  cluster: { routers: { VI_1: { priority: 1 } } },
  author: 'ä',
  reason: '',
  trial: null,
}
const frames: readonly Frame[] = [
  { frame: 'alive' },
  { frame: 'hello', about: { name: 'a', version: '1', schemaVersion: 2, port: 4343 } },
  { frame: 'half', hash, agreed },
  { frame: 'propose', id: '1', base: hash, hash, content },
  { frame: 'refuse', id: '1', whys: ['no'] },
]

test('frames are the same again, wherever the stream is cut', () => {
  const bytes = Buffer.concat(frames.map(frameBytes))
  fc.assert(
    fc.property(fc.array(fc.nat(bytes.length), { maxLength: 20 }), places => {
      const reader = new FrameReader()
      const cuts = [0, ...places.toSorted((a, b) => a - b), bytes.length]
      const read = cuts.slice(1).flatMap((end, index) => {
        const cut = reader.take(Uint8Array.from(bytes.subarray(cuts[index], end)))
        assert.equal(cut.kind, 'frames')
        return cut.kind === 'frames' ? cut.frames : []
      })
      assert.deepEqual(read, frames)
    }),
  )
})

const whole = (body: string): Uint8Array => {
  const bytes = new Uint8Array(4 + body.length)
  new DataView(bytes.buffer).setUint32(0, body.length)
  bytes.set(new TextEncoder().encode(body), 4)
  return bytes
}

test('what is no frame ends the conversation', () => {
  const bad = ['', '{', 'null', '[]', '{"frame":"nonsense"}', '{"frame":"alive","more":1}']
  for (const body of bad) {
    assert.equal(new FrameReader().take(whole(body)).kind, 'broken', body)
  }
  const half = { frame: 'half', hash: 'not hexadecimal', agreed }
  assert.equal(new FrameReader().take(whole(JSON.stringify(half))).kind, 'broken')
})

test('a length is refused before anything of it is kept: a short one of strangers', () => {
  const head = (length: number): Uint8Array => {
    const bytes = new Uint8Array(4)
    new DataView(bytes.buffer).setUint32(0, length)
    return bytes
  }
  const reader = new FrameReader()
  assert.equal(reader.take(head(longestGreeting)).kind, 'frames')
  assert.equal(new FrameReader().take(head(longestGreeting + 1)).kind, 'broken')
  const known = new FrameReader()
  known.limit = longestFrame
  assert.equal(known.take(head(longestFrame)).kind, 'frames')
  const other = new FrameReader()
  other.limit = longestFrame
  assert.equal(other.take(head(longestFrame + 1)).kind, 'broken')
})
