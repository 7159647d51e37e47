import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { test } from 'node:test'
import type { TcpQuestion } from '../../appliance/health/question.ts'
import { ipAddress } from '../../appliance/values/ip-address.ts'
import { inOwnNetwork } from './own-network.ts'
import {
  anyTls,
  asked,
  blackHoles,
  closedPort,
  descriptors,
  fails,
  hole,
  nowhere,
  passes,
  saying,
  serving,
  target,
  until,
} from './probes-lab.ts'

const tcp = (more: Partial<TcpQuestion> = {}): TcpQuestion => ({
  kind: 'tcp',
  tls: null,
  send: null,
  expect: null,
  ...more,
})

inOwnNetwork(import.meta.filename, () => {
  blackHoles()

  test('a connection is enough', async t => {
    const { port, sockets } = await serving(t, socket => socket.resume())
    await passes(tcp(), target(port), /^connected in [\d.]+ ms$/)
    await until('the server has seen the end of it', () => sockets.size === 0)
  })

  test('it ends with a FIN: the server sees no reset', async t => {
    const ends: string[] = []
    const { port } = await serving(t, socket => {
      socket.resume()
      socket.on('error', error => ends.push(error.message))
      socket.on('close', () => ends.push('closed'))
    })
    for (let count = 0; count < 20; count++) await passes(tcp(), target(port), /^connected/)
    await until('all have ended', () => ends.length >= 20)
    assert.deepEqual(new Set(ends), new Set(['closed']))
  })

  test('refused', async () => {
    const port = await closedPort()
    for (const question of [tcp(), tcp({ expect: 'x' })]) {
      await fails(question, target(port), 'refused', /^connection refused by 127\.0\.0\.1:\d+$/)
    }
  })

  test('a black hole', async () => {
    await fails(tcp(), target(80, hole), 'timeout', /^10\.9\.0\.2:80 did not take the connection/)
    const talk = tcp({ expect: 'x' })
    await fails(talk, target(80, hole), 'timeout', /did not take the connection in time$/)
  })

  test('no way', async () => {
    await fails(tcp(), target(80, nowhere), 'unreachable', /^no way to 10\.8\.0\.1:80/)
  })

  test('by IPv6', async t => {
    const { port } = await serving(t, socket => socket.resume())
    const to = target(port, { address: ipAddress('::1') })
    await fails(tcp(), to, 'refused', /^connection refused by \[::1\]:\d+$/)
  })

  test('from an address, and not from one that is not here', async t => {
    const seen: (string | undefined)[] = []
    const { port } = await serving(t, socket => {
      socket.resume()
      seen.push(socket.remoteAddress)
    })
    await passes(tcp(), target(port, { source: ipAddress('127.0.0.77') }), /^connected/)
    await until('the server has seen it', () => seen.length > 0)
    assert.deepEqual(seen, ['127.0.0.77'])
    const foreign = target(port, { source: ipAddress('192.0.2.1') })
    await fails(tcp(), foreign, 'cannot-ask', /bind on 192\.0\.2\.1/)
  })

  test('by an interface', async t => {
    const { port } = await serving(t, socket => socket.resume())
    await passes(tcp(), target(port, { interface: 'lo' }), /^connected/)
    await fails(tcp(), target(port, { interface: 'hole' }), 'timeout', /did not take/)
    await fails(tcp(), target(port, { interface: 'none0' }), 'cannot-ask', /SO_BINDTODEVICE none0/)
  })

  test('with a mark, which rules see', async () => {
    execFileSync('sh', ['-c', 'ip rule add fwmark 7 unreachable pref 5'])
    await fails(tcp(), target(80, { ...hole, mark: 7 }), 'unreachable', /^no way to/)
    await fails(tcp(), target(80, { ...hole, mark: 8 }), 'timeout', /did not take/)
  })

  test('send and expect', async t => {
    const { port } = await serving(t, socket => {
      socket.on('data', bytes => socket.write(bytes.toString() === 'PING\r\n' ? '+PO' : '-no'))
      socket.once('data', () => setTimeout(() => socket.write('NG\r\n'), 50))
    })
    const send = { as: 'text', value: 'PING\r\n' } as const
    await passes(tcp({ send, expect: '^\\+PONG' }), target(port), /^connected, \/.*\/ came in/)
    const hex = { as: 'hex', value: '50 49 4e 47 0d 0a' } as const
    await passes(tcp({ send: hex, expect: 'PONG' }), target(port), /came in/)
    const never = tcp({ send, expect: 'never' })
    await fails(never, target(port), 'timeout', /no more came after 7 bytes: "NG\."/)
    const odd = tcp({ send: { as: 'hex', value: '5' }, expect: 'x' })
    await fails(odd, target(port), 'cannot-ask', /not bytes in hexadecimal/)
    await fails(tcp({ expect: '(' }), target(port), 'cannot-ask', /Invalid regular expression/)
  })

  test('a wrong answer, half of one, none', async t => {
    const wrong = await serving(t, socket => socket.end('hello'))
    await fails(
      tcp({ expect: 'bye' }),
      target(wrong.port),
      'wrong-answer',
      /said "hello", expected/,
    )
    const mute = await serving(t, socket => socket.end())
    await fails(tcp({ expect: 'bye' }), target(mute.port), 'closed', /said nothing, expected/)
    const reset = await serving(t, socket => socket.resetAndDestroy())
    await fails(tcp({ expect: 'bye' }), target(reset.port), 'closed', /reset by/)
    const silent = await serving(t, socket => socket.resume())
    const words = /took the connection and said nothing in time$/
    await fails(tcp({ expect: 'bye' }), target(silent.port), 'timeout', words)
  })

  test('an answer without an end', async t => {
    const { port } = await serving(t, socket => {
      // With an error it must not write again: Node would call back for ever.
      const more = (error?: Error | null): void => {
        if (!error) socket.write(Buffer.alloc(64 * 1024, 'x'), more)
      }
      more()
    })
    await fails(tcp({ expect: 'y' }), target(port), 'wrong-answer', /said "xxxxx.*expected \/y\//)
  })

  test('a pattern that would take for ever is stopped', async t => {
    const { port } = await saying(t, 'a'.repeat(60))
    const question = tcp({ expect: '(a+)+$b' })
    await fails(question, target(port), 'wrong-answer', /took more than 50 ms on the answer/)
    await passes(tcp({ expect: 'a' }), target(port), /came in/)
  })

  test('TLS with what speaks none', async t => {
    const garbage = await saying(t, 'this is no TLS at all, but a greeting\r\n')
    await fails(tcp({ tls: anyTls }), target(garbage.port), 'tls', /^no TLS with 127/)
    const silent = await serving(t, socket => socket.resume())
    await fails(tcp({ tls: anyTls }), target(silent.port), 'timeout', /but TLS did not come about/)
    const ends = await serving(t, socket => socket.end())
    await fails(tcp({ tls: anyTls }), target(ends.port), 'tls', /it closed the connection$/)
  })

  test('nothing stays open, however it ends', async t => {
    const silent = await serving(t, socket => socket.resume())
    const closed = await closedPort()
    await asked(tcp(), target(closed))
    const before = descriptors().length
    const everyKind = [tcp(), tcp({ expect: 'x' }), tcp({ tls: anyTls })]
    const all = everyKind.flatMap(question =>
      [target(silent.port), target(closed), target(80, hole), target(80, nowhere)].map(to =>
        asked(question, to, 200),
      ),
    )
    await Promise.all([...all, ...all])
    await until('the server has lost all of them', () => silent.sockets.size === 0)
    assert.equal(descriptors().length, before, descriptors().join('\n'))
  })

  test('an abort before it has begun', async () => {
    for (const question of [tcp(), tcp({ expect: 'x' })]) {
      const { ask } = await import('../../appliance/probes/ask.ts')
      const finding = await ask(question, target(80, hole), AbortSignal.abort())
      assert.equal(finding.kind === 'failed' && finding.reason, 'timeout', finding.why)
    }
  })
})
