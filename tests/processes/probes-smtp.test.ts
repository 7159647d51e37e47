import { join } from 'node:path'
import { test } from 'node:test'
import type { SmtpQuestion } from '../../appliance/health/question.ts'
import { inOwnNetwork } from './own-network.ts'
import {
  anyTls,
  asked,
  blackHoles,
  certificates,
  closedPort,
  descriptors,
  fails,
  hole,
  passes,
  saying,
  serving,
  target,
  until,
  withServer,
} from './probes-lab.ts'

const smtp = (more: Partial<SmtpQuestion> = {}): SmtpQuestion => ({
  kind: 'smtp',
  helo: 'director.example',
  startTls: null,
  ...more,
})

inOwnNetwork(import.meta.filename, () => {
  blackHoles()
  const { folder, authority } = certificates()
  const server = (port: number, more: readonly string[]) =>
    withServer(
      ['aiosmtpd', '-n', '-c', 'aiosmtpd.handlers.Sink', '-l', `127.0.0.1:${port}`, ...more],
      port,
    )
  const tls = (name: string) => [
    '--tlscert',
    join(folder, `${name}.pem`),
    '--tlskey',
    join(folder, `${name}.key`),
    '--no-requiretls',
  ]
  server(2525, [])
  server(2526, tls('good'))
  server(2527, tls('expired'))

  test('greeting, HELO, QUIT', async () => {
    await passes(smtp(), target(2525), /^250 to HELO in [\d.]+ ms$/)
    await passes(smtp(), target(2526), /^250 to HELO/)
  })

  test('STARTTLS and its certificate', async () => {
    const startTls = (name: string) => ({ ...anyTls, verify: { name, authorities: authority } })
    await passes(smtp({ startTls: anyTls }), target(2526), /^STARTTLS, 250 to HELO in/)
    await passes(smtp({ startTls: startTls('good.example') }), target(2526), /^STARTTLS/)
    const wrong = smtp({ startTls: startTls('bad.example') })
    await fails(wrong, target(2526), 'tls', /is for good\.example, .* not for bad\.example$/)
    const old = smtp({ startTls: startTls('good.example') })
    await fails(old, target(2527), 'tls', /has expired/)
    await fails(
      smtp({ startTls: anyTls }),
      target(2525),
      'wrong-answer',
      /does not offer STARTTLS$/,
    )
  })

  test('refused, a black hole, silence', async t => {
    await fails(smtp(), target(await closedPort()), 'refused', /^connection refused by/)
    await fails(smtp(), target(25, hole), 'timeout', /did not take the connection/)
    const silent = await serving(t, socket => socket.resume())
    await fails(smtp(), target(silent.port), 'timeout', /took the connection and said nothing/)
    const half = await saying(t, '220 mail.exam')
    await fails(smtp(), target(half.port), 'timeout', /no more came after 13 bytes: "220 mail/)
    const stuck = await saying(t, '220 mail.example\r\n')
    await fails(smtp(), target(stuck.port), 'timeout', /no more came after 18 bytes/)
  })

  test('wrong answers, garbage, no end', async t => {
    const wrong = async (words: string, why: RegExp, question = smtp()) => {
      const { port } = await saying(t, words)
      await fails(question, target(port), 'wrong-answer', why)
    }
    await wrong('554 no service\r\n', /said "554 no service" as its greeting, expected 220$/)
    await wrong('220 a\r\n501 what\r\n', /said "501 what" to HELO, expected 250$/)
    await wrong('2200 a\r\n', /expected 220$/)
    await wrong('HTTP/1.1 400 Bad Request\r\n', /expected 220$/)
    await wrong(`220 ${'x'.repeat(5000)}`, /sent a line of more than 2048 bytes/)
    await wrong('220-a\r\n'.repeat(1000), /does not stop talking$/)
    await wrong(
      '220 a\r\n250-b\r\n250 STARTTLS\r\n220 go\r\n250 injected\r\n',
      /before TLS had begun/,
      smtp({ startTls: anyTls }),
    )
    const cut = await serving(t, socket => socket.end('220 a\r\n'))
    await fails(
      smtp(),
      target(cut.port),
      'closed',
      /closed the connection after 7 bytes: "220 a\."/,
    )
    await fails(smtp({ helo: 'a\r\nMAIL' }), target(2525), 'cannot-ask', /has two lines/)
  })

  test('nothing stays open, however it ends', async t => {
    const mute = await saying(t, '220 a\r\n250-b\r\n250 STARTTLS\r\n')
    const before = descriptors().length
    const all = [2525, 2526, mute.port].flatMap(port => [
      asked(smtp(), target(port), 300),
      asked(smtp({ startTls: anyTls }), target(port), 300),
    ])
    await Promise.all(all)
    await until('the server has lost all of them', () => mute.sockets.size === 0)
    await until('all are closed here', () => descriptors().length <= before)
  })
})
