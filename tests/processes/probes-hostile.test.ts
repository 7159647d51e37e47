import assert from 'node:assert/strict'
import { constants, createHash, generateKeyPairSync, privateDecrypt } from 'node:crypto'
import { createSocket } from 'node:dgram'
import { createServer, type Socket } from 'node:net'
import { type TestContext, test } from 'node:test'
import type { Finding } from '../../appliance/health/check.ts'
import type { Question, Target } from '../../appliance/health/question.ts'
import { ask } from '../../appliance/probes/ask.ts'
import { ipAddress } from '../../appliance/values/ip-address.ts'
import { inOwnNetwork } from './own-network.ts'

/** Servers that are none, and the login of MySQL 8, which Debian does not have. */

const here = ipAddress('127.0.0.1')
const target = (port: number): Target => ({
  address: here,
  port,
  through: null,
  source: null,
  interface: null,
  mark: null,
})
const words = (finding: Finding): string =>
  `${finding.kind === 'passed' ? 'passed' : finding.reason}: ${finding.why}`

const askAt = async (port: number, question: Question, within = 5000): Promise<string> =>
  words(await ask(question, target(port), AbortSignal.timeout(within)))

async function serve(t: TestContext, talk: (socket: Socket) => void): Promise<number> {
  const open = new Set<Socket>()
  const server = createServer(socket => {
    open.add(socket.on('error', () => {}).on('close', () => open.delete(socket)))
    talk(socket)
  })
  await new Promise<void>(resolve => server.listen(0, here, resolve))
  t.after(() => {
    for (const socket of open) socket.destroy()
    server.close()
  })
  return (server.address() as { port: number }).port
}

const login = { user: 'probe', password: 'right' }
const questions: Readonly<Record<string, Question>> = {
  mysql: { kind: 'mysql', tls: null, login, query: null },
  postgresql: {
    kind: 'postgresql',
    tls: null,
    login: { ...login, database: 'postgres' },
    query: null,
  },
  redis: { kind: 'redis', tls: null, login: null, role: 'any' },
  ldap: { kind: 'ldap', tls: null, bind: null, base: null },
  grpc: { kind: 'grpc', tls: null, service: '' },
}

/** The beginning of a right answer, and one of a length that nobody should wait for. */
const begun: Readonly<Record<string, readonly [half: Buffer, huge: Buffer]>> = {
  mysql: [Buffer.from('\x4a\0\0\0\x0a8.0.36\0'), Buffer.from([0xff, 0xff, 0xff, 0, 10])],
  postgresql: [Buffer.from('R\0\0\0\x17\0\0'), Buffer.from('R\xff\xff\xff\xff', 'latin1')],
  redis: [Buffer.from('+PO'), Buffer.from('$999999999\r\n')],
  ldap: [Buffer.from('300c020101', 'hex'), Buffer.from('3084ffffffff', 'hex')],
  grpc: [Buffer.from('000006040000', 'hex'), Buffer.from('ffffff040000000000', 'hex')],
}

const speaksFirst = (kind: string): boolean => kind === 'mysql'

inOwnNetwork(import.meta.filename, () => {
  for (const [kind, question] of Object.entries(questions)) {
    const say = (t: TestContext, bytes: Uint8Array | string, end = false) =>
      serve(t, socket => {
        const speak = () => (end ? socket.end(bytes) : socket.write(bytes))
        if (speaksFirst(kind)) speak()
        else socket.once('data', speak)
      })

    test(`${kind}: nobody there, no word, an end without a word`, async t => {
      assert.match(await askAt(1, question), /^refused: connection refused by 127.0.0.1:1$/)
      const silent = await serve(t, () => {})
      assert.match(await askAt(silent, question, 200), /^timeout: 127.0.0.1:\d+ took the connec/)
      const leaving = await serve(t, socket => socket.destroy())
      assert.match(await askAt(leaving, question), /^closed: /)
    })

    test(`${kind}: half an answer, then nothing, or an end`, async t => {
      const [half] = begun[kind]!
      assert.match(await askAt(await say(t, half), question, 200), /^timeout: /)
      assert.match(await askAt(await say(t, half, true), question), /^(closed|wrong-answer): /)
    })

    test(`${kind}: garbage, another protocol, a length without end`, async t => {
      const garbage = Buffer.from(Array.from({ length: 3000 }, (_, i) => (i * 7919) % 251))
      const http = 'HTTP/1.1 400 Bad Request\r\n\r\n'
      for (const bytes of [garbage, http, begun[kind]![1]]) {
        const found = await askAt(await say(t, bytes), question, 3000)
        assert.match(found, /^(wrong-answer|closed|denied|tls): /)
      }
    })

    test(`${kind}: a flood`, async t => {
      const flood = Buffer.alloc(1024 * 1024, 'x')
      const port = await serve(t, socket => {
        const more = () => {
          while (!socket.destroyed && socket.write(flood));
        }
        socket.on('drain', more)
        more()
      })
      assert.match(await askAt(port, question, 5000), /^(wrong-answer|closed): /)
    })

    test(`${kind}: a signal that has aborted before`, async t => {
      const port = await serve(t, () => {})
      const aborted = AbortSignal.abort()
      assert.match(words(await ask(question, target(port), aborted)), /^timeout: /)
    })
  }

  test('radius: answers by somebody without the secret, garbage, nothing', async t => {
    const question: Question = { kind: 'radius', secret: 'shared', login: null }
    const answers: readonly (readonly [RegExp, (asked: Buffer) => Buffer | null])[] = [
      [/^timeout: no answer from 127.0.0.1/, () => null],
      [/^wrong-answer: .*too-short$/, () => Buffer.from('hello')],
      [
        /^wrong-answer: .*wrong-length$/,
        asked => Buffer.concat([asked.subarray(0, 2), Buffer.alloc(30)]),
      ],
      [
        /^denied: .* answers with another secret$/,
        asked => Buffer.concat([Buffer.of(2, asked[1]!, 0, 20), Buffer.alloc(16)]),
      ],
    ]
    for (const [expected, answer] of answers) {
      const server = createSocket('udp4')
      let heard = 0
      server.on('message', (asked, from) => {
        heard++
        const bytes = answer(asked)
        if (bytes !== null) server.send(bytes, from.port, from.address)
      })
      await new Promise<void>(resolve => server.bind(0, '127.0.0.1', resolve))
      t.after(() => server.close())
      assert.match(await askAt(server.address().port, question, 500), expected)
      assert.equal(heard, 2, 'it asks again after 300 ms')
    }
  })

  for (const [name, password, expected] of [
    ['right', 'right', /^passed: MySQL 8.0.36 takes the login$/],
    ['wrong', 'wrong', /^denied: login as probe: error 1045, "no"$/],
  ] as const) {
    test(`MySQL 8 without TLS: a ${name} password, encrypted with the server's key`, async t => {
      const port = await serve(t, mysql8('right'))
      const question: Question = {
        kind: 'mysql',
        tls: null,
        login: { user: 'probe', password },
        query: null,
      }
      assert.match(await askAt(port, question), expected)
    })
  }

  test('MySQL 8: a key that is none', async t => {
    const port = await serve(t, mysql8('right', 'no key'))
    assert.match(await askAt(port, questions.mysql!), /^wrong-answer: .* sent no public key of RSA/)
  })
})

/**
 * As MySQL 8.0 does for a user whom its cache does not know: greeting, full authentication wanted,
 * public key, password, verdict.
 */
function mysql8(right: string, key?: string): (socket: Socket) => void {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const pem = key ?? publicKey.export({ type: 'spki', format: 'pem' })
  const nonce = createHash('sha1').update('a nonce of twenty').digest()
  const framed = (sequence: number, body: Buffer) =>
    Buffer.concat([Buffer.of(body.length & 255, body.length >> 8, 0, sequence), body])
  const greeting = Buffer.concat([
    Buffer.from('\x0a8.0.36\0\x01\0\0\0', 'latin1'),
    nonce.subarray(0, 8),
    Buffer.from('\0\xff\xff\xff\x02\0\xff\xdf\x15', 'latin1'),
    Buffer.alloc(10),
    nonce.subarray(8),
    Buffer.from('\0caching_sha2_password\0', 'latin1'),
  ])
  return socket => {
    let step = 0
    socket.write(framed(0, greeting))
    socket.on('data', bytes => {
      const [sequence, body] = [bytes[3]! + 1, bytes.subarray(4)]
      step++
      if (step === 1) socket.write(framed(sequence, Buffer.of(1, 4)))
      if (step === 2 && body[0] === 2) {
        socket.write(framed(sequence, Buffer.concat([Buffer.of(1), Buffer.from(pem)])))
      }
      if (step !== 3) return
      const padding = constants.RSA_PKCS1_OAEP_PADDING
      const secret = privateDecrypt({ key: privateKey, padding }, body)
      const password = secret.map((byte, index) => byte ^ nonce[index % 20]!).toString()
      const no = Buffer.from('\xff\x15\x04#28000no', 'latin1')
      const yes = Buffer.from('\0\0\0\x02\0\0\0', 'latin1')
      socket.write(framed(sequence, password === `${right}\0` ? yes : no))
    })
  }
}
