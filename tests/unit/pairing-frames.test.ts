import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { FrameReader, type Read } from '../../appliance/pairing/frame-reader.ts'
import {
  type Frame,
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

/** All that is in it, until there is no more or nothing can be told apart. */
function readAll(reader: FrameReader, bytes: Uint8Array): readonly Read[] {
  const all: Read[] = []
  reader.add(bytes)
  for (let read = reader.next(); read !== null; read = reader.next()) {
    all.push(read)
    if (read.kind === 'broken') break
  }
  return all
}

const readOne = (body: string): Read | undefined => readAll(new FrameReader(), whole(body))[0]

const whole = (body: string): Uint8Array => {
  const text = new TextEncoder().encode(body)
  const bytes = new Uint8Array(4 + text.length)
  new DataView(bytes.buffer).setUint32(0, text.length)
  bytes.set(text, 4)
  return bytes
}

test('frames are the same again, wherever the stream is cut', () => {
  const bytes = Buffer.concat(frames.map(frameBytes))
  fc.assert(
    fc.property(fc.array(fc.nat(bytes.length), { maxLength: 20 }), places => {
      const reader = new FrameReader()
      const cuts = [0, ...places.toSorted((a, b) => a - b), bytes.length]
      const read = cuts
        .slice(1)
        .flatMap((end, index) => readAll(reader, Uint8Array.from(bytes.subarray(cuts[index], end))))
      assert.deepEqual(
        read,
        frames.map(frame => ({ kind: 'frame', frame })),
      )
    }),
  )
})

test('what newer software says is passed over, and what it adds to what we know', () => {
  const known = new Set(['__proto__', 'frame', ...frames.flatMap(frame => Object.keys(frame))])
  const more = fc.dictionary(
    fc.string().filter(key => !known.has(key)),
    fc.jsonValue(),
  )
  const unknown = fc.stringMatching(/^x-[a-z0-9-]{0,30}$/)
  const said = fc.oneof(
    fc.record({ frame: fc.constantFrom(...frames), more }).map(({ frame, more }) => ({
      text: JSON.stringify({ ...more, ...frame }),
      expected: { kind: 'frame', frame },
    })),
    fc.record({ name: unknown, more }).map(({ name, more }) => ({
      text: JSON.stringify({ ...more, frame: name }),
      expected: { kind: 'frame', frame: { frame: null, name } },
    })),
  )
  fc.assert(
    fc.property(fc.array(said, { maxLength: 8 }), list => {
      const reader = new FrameReader()
      reader.limit = longestFrame
      const bytes = Buffer.concat(list.map(({ text }) => whole(text)))
      assert.deepEqual(
        readAll(reader, Uint8Array.from(bytes)),
        list.map(({ expected }) => expected),
      )
    }),
  )
  // Inside of what a frame has, too.
  const about = { name: 'a', version: '9', schemaVersion: 9, port: 4343 }
  assert.deepEqual(readOne(JSON.stringify({ frame: 'hello', about: { ...about, more: [1] } })), {
    kind: 'frame',
    frame: { frame: 'hello', about },
  })
})

test('what is no frame ends the conversation, and what is wrong in one that we know', () => {
  const bad = ['', '{', 'null', '[]', '7', '{}', '{"frame":7}', '{"frame":"A name, no word\\n"}']
  for (const body of bad) {
    assert.deepEqual(readOne(body), { kind: 'broken', why: 'a frame that is none of ours' }, body)
  }
  const half = { frame: 'half', hash, agreed: { hash: 'not hexadecimal', count: 3 } }
  assert.deepEqual(readOne(JSON.stringify(half)), {
    kind: 'broken',
    why: 'a frame "half" with something wrong at "agreed.hash"',
  })
  const missing = { frame: 'propose', id: '1', base: hash, hash }
  assert.match(JSON.stringify(readOne(JSON.stringify(missing))), /wrong at \\"content\\"/)
})

test('a length is refused before anything of it is kept: a short one of strangers', () => {
  const head = (length: number): Uint8Array => {
    const bytes = new Uint8Array(4)
    new DataView(bytes.buffer).setUint32(0, length)
    return bytes
  }
  const broken = (limit: number, length: number): boolean => {
    const reader = new FrameReader()
    reader.limit = limit
    return readAll(reader, head(length)).length > 0
  }
  assert.equal(new FrameReader().limit, longestGreeting)
  for (const limit of [longestGreeting, longestFrame]) {
    assert.equal(broken(limit, limit), false)
    assert.equal(broken(limit, limit + 1), true)
  }
})

test('who is known from the first frame on may say much in the same packet', () => {
  const reader = new FrameReader()
  const long = { frame: 'refuse', id: '1', whys: Array(50).fill('x'.repeat(200)) } as const
  reader.add(Uint8Array.from(Buffer.concat([frames[1], long].map(f => frameBytes(f as Frame)))))
  assert.deepEqual(reader.next(), { kind: 'frame', frame: frames[1] })
  reader.limit = longestFrame
  assert.deepEqual(reader.next(), { kind: 'frame', frame: long })
  assert.equal(reader.next(), null)
})
