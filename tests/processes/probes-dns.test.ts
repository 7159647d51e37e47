import assert from 'node:assert/strict'
import { createSocket, type Socket } from 'node:dgram'
import { once } from 'node:events'
import { type TestContext, test } from 'node:test'
import type { DnsQuestion, UdpQuestion } from '../../appliance/health/question.ts'
import { inOwnNetwork } from './own-network.ts'
import {
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
  withServer,
} from './probes-lab.ts'

const dns = (name: string, type: string, more: Partial<DnsQuestion> = {}): DnsQuestion => ({
  kind: 'dns',
  transport: 'udp',
  name,
  type,
  expect: null,
  ...more,
})

const udp = (value: string, expect: string | null): UdpQuestion => ({
  kind: 'udp',
  send: { as: 'text', value },
  expect,
})

/** Answers each datagram with what the function makes of it. */
async function answering(
  t: TestContext,
  answer: (question: Buffer) => readonly Uint8Array[],
): Promise<number> {
  const socket: Socket = createSocket('udp4')
  socket.on('message', (question, from) => {
    for (const words of answer(question)) socket.send(words, from.port, from.address)
  })
  socket.bind(0, '127.0.0.1')
  await once(socket, 'listening')
  t.after(() => {
    socket.close()
  })
  return socket.address().port
}

inOwnNetwork(import.meta.filename, () => {
  blackHoles()
  const records = [
    '--host-record=www.example,192.0.2.1,2001:db8::1',
    '--mx-host=example,mail.example,10',
    '--txt-record=example,some words',
    '--srv-host=_sip._tcp.example,sip.example,5060,1,2',
    '--cname=alias.example,www.example',
    '--local=/example/',
    '--auth-server=ns.example,hole',
    '--auth-zone=zone.test',
  ]
  const alone = ['--no-daemon', '--no-resolv', '--no-hosts', '--conf-file=/dev/null']
  const place = ['--listen-address=127.0.0.1', '--bind-interfaces', '--port=5353', '--user=root']
  withServer(['dnsmasq', ...alone, '--pid-file=', ...place, ...records], 5353)

  for (const transport of ['udp', 'tcp'] as const) {
    const ask = (name: string, type: string, expect: string | null = null) =>
      dns(name, type, { transport, expect })

    test(`DNS over ${transport}: types`, async () => {
      const to = target(5353)
      await passes(ask('www.example', 'A'), to, /^"192\.0\.2\.1" in [\d.]+ ms$/)
      await passes(ask('www.example.', 'A', '192.0.2.1'), to, /^"192\.0\.2\.1"/)
      await passes(ask('www.example', 'AAAA', '2001:db8::1'), to, /2001/)
      await passes(ask('example', 'MX', '10 Mail.Example'), to, /10 Mail/)
      await passes(ask('example', 'TXT', 'some words'), to, /some words/)
      await passes(ask('_sip._tcp.example', 'SRV', '1 2 5060 sip.example.'), to, /5060/)
      await passes(ask('alias.example', 'A', '192.0.2.1'), to, /192/)
      await passes(ask('alias.example', 'CNAME', 'www.example'), to, /www/)
      await passes(ask('www.example', 'NS'), to, /^NOERROR in/)
    })

    test(`DNS over ${transport}: wrong answers`, async () => {
      const to = target(5353)
      await fails(ask('none.example', 'A'), to, 'wrong-answer', /^NXDOMAIN for A of none\.example$/)
      await fails(ask('elsewhere', 'A'), to, 'wrong-answer', /^REFUSED for A of elsewhere$/)
      const other = ask('www.example', 'A', '192.0.2.9')
      await fails(other, to, 'wrong-answer', /A of www\.example is "192\.0\.2\.1", expected "192/)
      const none = ask('www.example', 'MX', 'x')
      await fails(none, to, 'wrong-answer', /MX of www\.example is nothing, expected "x"/)
      await fails(ask('www.example', 'BAD'), to, 'cannot-ask', /"BAD" is no type/)
      await fails(ask('a..b', 'A'), to, 'cannot-ask', /"a\.\.b" is no DNS name/)
      await fails(ask('x'.repeat(64), 'A'), to, 'cannot-ask', /is no DNS name/)
    })

    test(`DNS over ${transport}: refused, a black hole, no way`, async () => {
      const question = ask('www.example', 'A')
      await fails(question, target(await closedPort()), 'refused', /^connection refused by 127/)
      await fails(question, target(53, hole), 'timeout', /in time$/)
      await fails(question, target(53, nowhere), 'unreachable', /10\.8\.0\.1/)
    })
  }

  test('a DNS server that sends garbage', async t => {
    const question = dns('www.example', 'A')
    const wrong = async (answer: (query: Buffer) => Uint8Array, why: RegExp) => {
      const port = await answering(t, query => [answer(query)])
      await fails(question, target(port), 'wrong-answer', why)
    }
    await wrong(() => Buffer.from('no'), /^no DNS answer: shorter than its header/)
    await wrong(query => query, /a question, not an answer/)
    const header = (query: Buffer, answers: number): Buffer => {
      const bytes = Buffer.from(query)
      bytes.writeUInt16BE(0x8180, 2)
      bytes.writeUInt16BE(answers, 6)
      return bytes
    }
    await wrong(query => header(query, 7), /ends in the middle of a record/)
    // A name that points at itself.
    const circle = (query: Buffer) =>
      Buffer.concat([header(query, 1), Buffer.from([0xc0, query.length])])
    await wrong(circle, /a name in it has no end/)
    const long = [0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 0, 0, 3, 1, 2, 3]
    const odd = (query: Buffer) => Buffer.concat([header(query, 1), Buffer.from(long)])
    await wrong(odd, /an address of odd length/)
  })

  test('an answer to somebody else’s question does not count', async t => {
    const port = await answering(t, query => {
      const other = Buffer.from(query)
      other.writeUInt16BE((query.readUInt16BE(0) + 1) & 0xffff, 0)
      return [other]
    })
    await fails(dns('www.example', 'A'), target(port), 'timeout', /no answer from/)
  })

  test('half an answer over TCP', async t => {
    const question = dns('www.example', 'A', { transport: 'tcp' })
    const half = await saying(t, Buffer.from([0, 100, 1, 2, 3]))
    await fails(question, target(half.port), 'timeout', /no more came after 5 bytes/)
    const cut = await serving(t, socket => socket.end(Buffer.from([0, 100, 1, 2, 3])))
    await fails(question, target(cut.port), 'closed', /closed the connection after 5 bytes/)
  })

  test('UDP with an answer', async t => {
    const port = await answering(t, question => [
      Buffer.concat([Buffer.from('\xff:', 'latin1'), question]),
    ])
    await passes(udp('ping', '^\\xff:ping$'), target(port), /came in [\d.]+ ms$/)
    await fails(
      udp('ping', 'pong'),
      target(port),
      'wrong-answer',
      /said "\.:ping", expected \/pong\//,
    )
    await fails(udp('ping', 'pong'), target(53, hole), 'timeout', /^no answer from 10\.9\.0\.2:53/)
    await fails(udp('ping', 'x'), target(await closedPort()), 'refused', /^connection refused by/)
  })

  test('UDP without an answer: only an ICMP error is bad', async t => {
    const port = await answering(t, () => [])
    for (const to of [target(port), target(53, hole)]) {
      const finding = await asked(udp('ping', null), to, 300)
      assert.equal(finding.kind, 'passed', finding.why)
      assert.match(finding.why, /no ICMP error came back/)
    }
    const closed = target(await closedPort())
    await fails(udp('ping', null), closed, 'refused', /^connection refused/)
    await fails(udp('ping', null), target(53, nowhere), 'unreachable', /10\.8\.0\.1/)
  })

  test('nothing stays open, however it ends', async () => {
    await passes(dns('www.example', 'A'), target(5353), /192/)
    const before = descriptors().length
    const closed = await closedPort()
    const questions = [
      dns('www.example', 'A'),
      dns('www.example', 'A', { transport: 'tcp' }),
      udp('x', null),
    ]
    const all = questions.flatMap(question =>
      [target(5353), target(closed), target(53, hole), target(53, nowhere)].map(to =>
        asked(question, to, 200),
      ),
    )
    await Promise.all(all)
    await until('all are closed here', () => descriptors().length <= before)
  })
})
