import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { test } from 'node:test'
import { codeFrom, codeText, parseCode } from '../../appliance/pairing/code.ts'
import { generatorString, sharedKey, startCpace } from '../../appliance/pairing/cpace.ts'
import { beginJoin, finishJoin, isProven, replyTo } from '../../appliance/pairing/handshake.ts'

const hex = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, 'hex'))
const certificates = { joiner: randomBytes(32), host: randomBytes(32) }

/** draft-irtf-cfrg-cpace, "Test vector for CPace using group ristretto255 and hash SHA-512". */
const draft = {
  secret: Uint8Array.from(Buffer.from('Password')),
  channel: hex('6f630b425f726573706f6e6465720b415f696e69746961746f72'),
  session: hex('7e4b4791d6a8ef019b936c79fb7f2c57'),
}
const scalars = {
  a: hex('da3d23700a9e5699258aef94dc060dfda5ebb61f02a5ea77fad53f4ff0976d08'),
  b: hex('d2316b454718c35362d83d69df6320f38578ed5984651435e2949762d900b80d'),
}

test("the draft's generator string and shares", () => {
  const text = generatorString(draft)
  assert.equal(text.length, 172)
  assert.match(
    Buffer.from(text).toString('hex'),
    /^11435061636552697374726574746f3235350850617373776f726464(00){100}1a6f63/,
  )
  assert.equal(
    Buffer.from(startCpace(draft, scalars.a).share).toString('hex'),
    'd40fb265a7abeaee7939d91a585fe59f7053f982c296ec413c624c669308f87a',
  )
  assert.equal(
    Buffer.from(startCpace(draft, scalars.b).share).toString('hex'),
    '08bcf6e9777a9c313a3db6daa510f2d398403319c2341bd506a92e672eb7e307',
  )
})

test('both get the same key, and no key from what is no share', () => {
  const [a, b] = [startCpace(draft, scalars.a), startCpace(draft, scalars.b)]
  const shares = { initiator: a.share, responder: b.share }
  const key = sharedKey(draft, a, shares, 'responder')
  assert.ok(key)
  assert.deepEqual(key, sharedKey(draft, b, shares, 'initiator'))
  for (const bad of [new Uint8Array(32), new Uint8Array(32).fill(255), new Uint8Array(31)]) {
    assert.equal(sharedKey(draft, a, { ...shares, responder: bad }, 'responder'), null)
  }
})

function meet(
  codes: { readonly joiner: string; readonly host: string },
  seen: { readonly joiner: typeof certificates; readonly host: typeof certificates },
) {
  const joiner = beginJoin(codes.joiner, seen.joiner, randomBytes(48))
  const answered = replyTo(codes.host, seen.host, joiner.opening, randomBytes(32))
  assert.ok(answered)
  const proof = finishJoin(joiner, answered.reply)
  return { proof, host: answered.host }
}

const alike = { joiner: certificates, host: certificates }

test('who knows the code proves it to the other', () => {
  const { proof, host } = meet({ joiner: '47291836', host: '47291836' }, alike)
  assert.ok(proof)
  assert.equal(isProven(host, proof), true)
  const other = Uint8Array.from(proof, (byte, index) => (index === 0 ? byte ^ 1 : byte))
  assert.equal(isProven(host, other), false)
  assert.equal(isProven(host, proof.slice(0, 10)), false)
})

test('another code proves nothing', () => {
  const { proof } = meet({ joiner: '47291836', host: '47291837' }, alike)
  assert.equal(proof, null)
})

test('somebody in the middle shows another certificate, and the right code does not help', () => {
  const middle = { ...certificates, host: randomBytes(32) }
  const { proof } = meet(
    { joiner: '47291836', host: '47291836' },
    { joiner: middle, host: certificates },
  )
  assert.equal(proof, null)
})

test('a code is eight digits, however it is typed', () => {
  for (let tries = 0; tries < 100; tries += 1) {
    const code = codeFrom(randomBytes(8))
    assert.match(code, /^\d{8}$/)
    assert.equal(parseCode(codeText(code)), code)
  }
  assert.equal(codeFrom(new Uint8Array(8)), '00000000')
  assert.equal(parseCode(' 4729 1836 '), '47291836')
  for (const wrong of ['', '4729-183', '4729-18366', '4729-183A'])
    assert.equal(parseCode(wrong), null)
})
