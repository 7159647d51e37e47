import { test } from 'node:test'
import type { RedisQuestion } from '../../appliance/health/question.ts'
import { openLab } from '../lab/namespaces/lab.ts'
import { anyTls, assertFound, probe, targetAt } from './probe-question.ts'
import { makeCertificate } from './server-certificate.ts'

const question = (more: Partial<RedisQuestion> = {}): RedisQuestion => ({
  kind: 'redis',
  tls: null,
  login: null,
  role: 'any',
  ...more,
})
const as = (password: string, user: string | null = null) => ({ login: { user, password } })

test('Redis', async t => {
  const lab = await openLab(t)
  const host = await lab.host('server')
  await makeCertificate(host, '/run/redis')
  const start = async (port: number, ...more: readonly string[]) => {
    const lines = [`port ${port}`, 'bind 127.0.0.1', 'dir /run/redis', 'save ""', ...more]
    const server = await host.start('redis-server', ['-'], { input: lines.join('\n') })
    await server.until(/Ready to accept connections/)
    return server
  }
  const ask = (port: number, ...questions: readonly RedisQuestion[]) =>
    probe(host, targetAt('127.0.0.1', port), questions)
  const master = await start(
    6379,
    'tls-port 6380',
    'tls-cert-file /run/redis/cert.pem',
    'tls-key-file /run/redis/key.pem',
    'tls-auth-clients no',
  )
  const guarded = await start(6381, 'requirepass right', 'user probe on >mine +ping +info')
  const replica = await start(6382, 'replicaof 127.0.0.1 6379', 'replica-serve-stale-data no')
  await replica.until(/Finished with success/)

  await t.test('PING, logins, roles, TLS', async () => {
    assertFound(
      await ask(6379, question(), question({ role: 'master' }), question({ role: 'replica' })),
      [
        /^passed: PONG$/,
        /^passed: PONG, it is a master$/,
        /^wrong-answer: it is a "master", not a replica$/,
      ],
    )
    assertFound(await ask(6380, question({ tls: anyTls }), question()), [
      /^passed: PONG$/,
      /^(closed|wrong-answer): /,
    ])
    assertFound(
      await ask(
        6381,
        question(),
        question(as('wrong')),
        question(as('right')),
        question({ ...as('mine', 'probe'), role: 'master' }),
        question(as('right', 'nobody')),
      ),
      [
        /^denied: PING: "NOAUTH Authentication required\."$/,
        /^denied: AUTH: "WRONGPASS /,
        /^passed: PONG$/,
        /^passed: PONG, it is a master$/,
        /^denied: AUTH: "WRONGPASS /,
      ],
    )
    assertFound(await ask(6382, question({ role: 'replica' }), question({ role: 'master' })), [
      /^passed: PONG, it is a replica$/,
      /^wrong-answer: it is a "replica", not a master$/,
    ])
  })

  await t.test('a master that is gone, a server that hangs', async () => {
    await master.kill()
    assertFound(await ask(6379, question()), [/^refused: /])
    await replica.until(/Connection with master lost/)
    assertFound(await ask(6382, question()), [/^wrong-answer: PING: "MASTERDOWN Link with MASTER/])
    guarded.signal('SIGSTOP')
    const hung = await probe(host, targetAt('127.0.0.1', 6381), [question()], 400)
    assertFound(hung, [/^timeout: 127.0.0.1:6381 took the connection and said nothing in time$/])
    guarded.signal('SIGCONT')
  })
})
