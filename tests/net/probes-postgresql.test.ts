import { test } from 'node:test'
import type { PostgresqlQuestion } from '../../appliance/health/question.ts'
import { openLab } from '../lab/namespaces/lab.ts'
import { anyTls, assertFound, probe, targetAt } from './probe-question.ts'
import { makeCertificate } from './server-certificate.ts'

const question = (more: Partial<PostgresqlQuestion> = {}): PostgresqlQuestion => ({
  kind: 'postgresql',
  tls: null,
  login: null,
  query: null,
  ...more,
})
const as = (user: string, password = 'right', database = 'postgres') => ({
  login: { user, password, database },
})
const folder = '/run/postgresql'
const programs = '/usr/lib/postgresql/15/bin'

const access = `
local all postgres trust
host all scram all scram-sha-256
host all old all md5
host all open all trust
host all bare all password
hostssl all safe all scram-sha-256
host all diarch all reject
`

test('PostgreSQL', async t => {
  const lab = await openLab(t)
  const lan = await lab.switch('lan')
  const [host, box] = [await lab.host('server'), await lab.host('box')]
  await host.plug(lan, { name: 'eth0', address: '192.0.2.10/24' })
  await box.plug(lan, { name: 'eth0', address: '192.0.2.1/24' })
  const asOwner = ['--reuid=postgres', '--regid=postgres', '--clear-groups']
  const owner = (program: string, ...args: readonly string[]) =>
    host.must('setpriv', [...asOwner, `${programs}/${program}`, ...args])

  await makeCertificate(host, folder)
  await host.must('chown', ['-R', 'postgres', folder])
  await owner('initdb', '-N', '-A', 'trust', '-U', 'postgres', '-D', `${folder}/data`)
  await host.write(`${folder}/data/pg_hba.conf`, access)
  const settings = {
    listen_addresses: '*',
    unix_socket_directories: folder,
    fsync: 'off',
    max_connections: '4',
    superuser_reserved_connections: '1',
    max_wal_senders: '0',
    ssl: 'on',
    ssl_cert_file: `${folder}/cert.pem`,
    ssl_key_file: `${folder}/key.pem`,
  }
  const start = async (more: object = {}) => {
    const words = Object.entries({ ...settings, ...more }).flatMap(([key, value]) => [
      '-c',
      `${key}=${value}`,
    ])
    const args = [...asOwner, `${programs}/postgres`, '-D', `${folder}/data`, ...words]
    return host.start('setpriv', args)
  }
  let server = await start()
  await server.until(/ready to accept connections/)
  const sql = (text: string) => owner('psql', '-h', folder, '-U', 'postgres', '-c', text)
  await sql(`CREATE ROLE scram LOGIN PASSWORD 'right'; CREATE ROLE open LOGIN;
    CREATE ROLE bare LOGIN PASSWORD 'right'; CREATE ROLE safe LOGIN PASSWORD 'right';
    SET password_encryption = md5; CREATE ROLE old LOGIN PASSWORD 'right'`)
  const at = targetAt('192.0.2.10', null)
  const ask = (...questions: readonly PostgresqlQuestion[]) => probe(box, at, questions)

  await t.test('logins', async () => {
    assertFound(
      await ask(
        question(),
        question({ tls: anyTls }),
        question(as('scram')),
        question(as('scram', 'wrong')),
        question({ ...as('scram'), tls: anyTls }),
        question(as('old')),
        question(as('old', 'wrong')),
        question(as('open')),
        question(as('bare')),
        question({ ...as('bare'), tls: anyTls }),
        question(as('safe')),
        question({ ...as('safe'), tls: anyTls }),
        question(as('nobody')),
        question(as('open', '', 'nowhere')),
      ),
      [
        /^passed: PostgreSQL takes connections \(and denies ours: "pg_hba.conf rejects/,
        /^passed: PostgreSQL takes connections/,
        /^passed: PostgreSQL takes the login$/,
        /^denied: login as scram: error 28P01, "password authentication failed for user/,
        /^passed: PostgreSQL takes the login$/,
        /^passed: PostgreSQL takes the login$/,
        /^denied: login as old: error 28P01/,
        /^passed: PostgreSQL takes the login$/,
        /^denied: 192.0.2.10:5432 wants the password in clear text: not without TLS$/,
        /^passed: PostgreSQL takes the login$/,
        /^denied: login as safe: error 28000, "no pg_hba.conf entry/,
        /^passed: PostgreSQL takes the login$/,
        /^denied: login as nobody: error 28000/,
        /^wrong-answer: login: error 3D000, "database "nowhere" does not exist"$/,
      ],
    )
  })

  await t.test('queries', async () => {
    const select = (text: string, expect: string | null) =>
      question({ ...as('open'), query: { sql: text, expect } })
    assertFound(
      await ask(
        select('SELECT pg_is_in_recovery()', '^f$'),
        select('SELECT pg_is_in_recovery()', '^t$'),
        select('SELECT NULL', null),
        select('SELECT 1 WHERE false', null),
        select('SELECT nonsense', null),
        select('SELECT pg_sleep(0), 2', null),
      ),
      [
        /^passed: the query gives "f"$/,
        /^wrong-answer: the query gives "f", expected \/\^t\$\/$/,
        /^passed: the query gives NULL$/,
        /^wrong-answer: the query gives no row$/,
        /^wrong-answer: query: error 42703, "column "nonsense" does not exist"$/,
        /^passed: the query gives ""$/,
      ],
    )
  })

  await t.test('too many clients', async () => {
    const busy = ['-h', folder, '-U', 'postgres', '-c', 'SELECT pg_sleep(600)']
    const clients = await Promise.all(
      Array.from({ length: 5 }, () =>
        host.start('setpriv', [...asOwner, `${programs}/psql`, ...busy]),
      ),
    )
    await Promise.race(clients.map(client => client.ended))
    assertFound(await ask(question(as('open')), question()), [
      /^wrong-answer: login.*: error 53300, "/,
      // A user that pg_hba.conf rejects is rejected before the server counts.
      /^(wrong-answer|passed): /,
    ])
    for (const client of clients) await client.kill()
  })

  await t.test('a server that starts, hangs, is gone', async () => {
    server.signal('SIGSTOP')
    const hung = await probe(box, at, [question()], 400)
    assertFound(hung, [/^timeout: 192.0.2.10:5432 took the connection and said nothing in time$/])
    server.signal('SIGCONT')
    await server.kill()
    assertFound(await ask(question()), [/^refused: /])
    // It restores for as long as its command for that does not come back.
    await host.must('rm', ['-f', `${folder}/data/postmaster.pid`])
    await host.write(`${folder}/data/recovery.signal`, '')
    server = await start({ restore_command: 'sleep 600' })
    await server.until(/starting (archive|point-in-time) recovery|database system was interrupted/)
    assertFound(await ask(question(), question(as('scram'))), [
      /^wrong-answer: start-up: error 57P03, "the database system is (starting up|not yet)/,
      /^wrong-answer: login as scram: error 57P03, /,
    ])
  })
})
