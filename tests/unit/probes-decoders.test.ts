import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import fc from 'fast-check'
import { healthCheckRequest, servingStatus } from '../../appliance/probes/grpc.ts'
import { element, elements, parseMessage } from '../../appliance/probes/ldap-message.ts'
import * as mysql from '../../appliance/probes/mysql-packet.ts'
import * as postgresql from '../../appliance/probes/postgresql-message.ts'
import {
  decodeAnswer,
  encodeRequest,
  type RadiusRequest,
} from '../../appliance/probes/radius-packet.ts'

/** Whatever a stranger sends is an answer or is none: nothing throws. */

const request: RadiusRequest = {
  code: 12,
  identifier: 5,
  authenticator: new Uint8Array(16).fill(7),
  secret: 'shared',
  login: null,
}

/** With an authenticator that is right, so that its attributes are looked at. */
function signed(attributes: Uint8Array): Buffer {
  const bytes = Buffer.concat([Buffer.of(2, 5, 0, 0), request.authenticator, attributes])
  bytes.writeUInt16BE(bytes.length, 2)
  bytes.set(createHash('md5').update(bytes).update(request.secret).digest(), 4)
  return bytes
}

const decoders: Readonly<Record<string, (bytes: Uint8Array) => unknown>> = {
  'greeting of MySQL': bytes => mysql.parseGreeting(Uint8Array.from([10, ...bytes])),
  'error of MySQL': bytes => mysql.parseError(Uint8Array.from([0xff, ...bytes])),
  'switch of MySQL': bytes => mysql.parseSwitch(Uint8Array.from([0xfe, ...bytes])),
  'row of MySQL': mysql.firstValue,
  'row of PostgreSQL': postgresql.firstValue,
  'error of PostgreSQL': postgresql.parseError,
  'message of LDAP': parseMessage,
  'nested message of LDAP': bytes =>
    parseMessage(Buffer.concat([Buffer.of(2, 1, 1), element(0x61, bytes)])),
  'answer of RADIUS': bytes => decodeAnswer(bytes, request),
  'attributes of RADIUS': bytes => decodeAnswer(signed(bytes), request),
  'answer of gRPC': servingStatus,
}

for (const [name, decode] of Object.entries(decoders)) {
  test(`any bytes: ${name}`, () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), bytes => {
        decode(bytes)
      }),
    )
  })
}

test('any challenge of SCRAM', async () => {
  const start = new postgresql.Scram('right').first().toString().split('r=')[1]!
  const challenge = fc.oneof(
    fc.string(),
    fc.string().map(text => `r=${start}x,s=QSXCR,i=${text}`),
  )
  await fc.assert(
    fc.asyncProperty(challenge, async text => {
      await new postgresql.Scram('right').final(text)
    }),
  )
})

test('SCRAM does not count for ever because a stranger says so', async () => {
  const scram = new postgresql.Scram('right')
  const nonce = scram.first().toString().split('r=')[1]!
  assert.equal(await scram.final(`r=${nonce}x,s=QSXCR,i=999999999`), null)
  assert.match((await scram.final(`r=${nonce}x,s=QSXCR,i=4096`)) ?? '', /^c=biws,r=.*x,p=.+=$/)
  // Its nonce has to be in it (RFC 5802 5.1).
  assert.equal(await scram.final('r=another,s=QSXCR,i=4096'), null)
})

test('elements of BER, long and short, and lengths that lie', () => {
  const long = Buffer.alloc(300, 1)
  assert.deepEqual(elements(element(4, long)), [{ tag: 4, content: long }])
  assert.deepEqual(elements(Buffer.from('0401ff0500', 'hex'))?.length, 2)
  for (const lie of ['04', '0402ff', '0480', '048101', '0484ffffffff', '0485000000000100']) {
    assert.equal(elements(Buffer.from(lie, 'hex')), null, lie)
  }
})

test('RADIUS: what is spoilt is refused', () => {
  const right = signed(Buffer.from('1204686f', 'hex'))
  assert.deepEqual(decodeAnswer(right, request), { code: 2, message: 'ho' })
  for (let at = 0; at < right.length; at++) {
    const spoilt = Buffer.from(right)
    spoilt[at]! ^= 0x41
    assert.equal(typeof decodeAnswer(spoilt, request), 'string', `byte ${at}`)
  }
  // A right authenticator, and a Message-Authenticator that is not (RFC 3579 3.2).
  const forged = Buffer.concat([Buffer.of(80, 18), Buffer.alloc(16)])
  assert.equal(decodeAnswer(signed(forged), request), 'forged')
  assert.equal(decodeAnswer(signed(Buffer.of(18, 1)), request), 'broken-attributes')
  assert.equal(encodeRequest(request)[20], 80, 'the Message-Authenticator comes first')
})

test('gRPC: the message, and answers', () => {
  assert.equal(healthCheckRequest('a.B').toString('hex'), '00000000050a03612e42')
  assert.equal(healthCheckRequest('').toString('hex'), '0000000000')
  assert.equal(healthCheckRequest('x'.repeat(200)).subarray(5, 8).toString('hex'), '0ac801')
  assert.equal(servingStatus(Buffer.from('00000000020801', 'hex')), 1)
  assert.equal(servingStatus(Buffer.from('0000000000', 'hex')), 0)
  for (const odd of [
    '',
    '00',
    '01000000020801',
    '00000000030801',
    '00000000020880',
    '00000000021001',
  ]) {
    assert.equal(servingStatus(Buffer.from(odd, 'hex')), null, odd)
  }
})
