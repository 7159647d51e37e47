import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { MysqlQuestion } from '../../appliance/health/question.ts'
import type { Host } from '../lab/namespaces/host.ts'
import { openLab } from '../lab/namespaces/lab.ts'
import type { Program } from '../lab/namespaces/program.ts'
import { anyTls, assertFound, probe, targetAt } from './probe-question.ts'
import { makeCertificate } from './server-certificate.ts'

/** Real MariaDB; caching_sha2_password is MySQL's, which Debian lacks: probes-hostile.test.ts. */

const question = (more: Partial<MysqlQuestion> = {}): MysqlQuestion => ({
  kind: 'mysql',
  tls: null,
  login: null,
  query: null,
  ...more,
})
const login = { user: 'probe', password: 'right' }
const folder = '/run/mysql'

async function startServer(host: Host, ...more: readonly string[]): Promise<Program> {
  const server = await host.start('mariadbd', [
    '--no-defaults',
    '--user=root',
    `--datadir=${folder}/data`,
    `--socket=${folder}/socket`,
    `--pid-file=${folder}/pid`,
    '--bind-address=*',
    '--performance-schema=on',
    '--innodb-log-file-size=4M',
    '--innodb-flush-method=fsync',
    '--innodb-buffer-pool-size=8M',
    `--ssl-cert=${folder}/cert.pem`,
    `--ssl-key=${folder}/key.pem`,
    ...more,
  ])
  await server.until(/ready for connections/)
  return server
}

const sql = (host: Host, text: string) =>
  host.must('mariadb', ['--no-defaults', `--socket=${folder}/socket`, '-N', '-B', '-e', text])

test('MySQL', async t => {
  const lab = await openLab(t)
  const lan = await lab.switch('lan')
  const [host, box] = [await lab.host('server'), await lab.host('box')]
  await host.plug(lan, { name: 'eth0', address: '192.0.2.10/24' })
  await box.plug(lan, { name: 'eth0', address: '192.0.2.1/24' })
  // The server counts only those whose names it finds.
  await host.write('/run/hosts', '127.0.0.1 localhost\n192.0.2.1 box\n')
  await host.must('mount', ['--bind', '/run/hosts', '/etc/hosts'])
  await makeCertificate(host, folder)
  await host.must('mariadb-install-db', [
    '--no-defaults',
    '--user=root',
    `--datadir=${folder}/data`,
    '--auth-root-authentication-method=normal',
    '--skip-test-db',
    '--innodb-log-file-size=4M',
    '--innodb-flush-method=fsync',
  ])
  let server = await startServer(host, '--max-connect-errors=5')
  await sql(
    host,
    `CREATE USER probe@'%' IDENTIFIED BY 'right';
     CREATE USER safe@'%' IDENTIFIED BY 'right' REQUIRE SSL;
     DELETE FROM mysql.global_priv WHERE User = ''; FLUSH PRIVILEGES`,
  )
  const at = targetAt('192.0.2.10', null)
  const ask = (...questions: readonly MysqlQuestion[]) => probe(box, at, questions)
  const errors = async () =>
    Number(
      await sql(
        host,
        `SELECT COALESCE(MAX(SUM_CONNECT_ERRORS), 0) FROM performance_schema.host_cache
         WHERE ip = '192.0.2.1'`,
      ),
    )

  await t.test('greeting, logins, queries, TLS', async () => {
    const select = (text: string, expect: string | null) =>
      question({ login, query: { sql: text, expect } })
    assertFound(
      await ask(
        question(),
        question({ login }),
        question({ login: { user: 'probe', password: 'wrong' } }),
        question({ tls: anyTls, login: { user: 'safe', password: 'right' } }),
        question({ login: { user: 'safe', password: 'right' } }),
        question({ tls: anyTls }),
        select("SELECT 'a fine day'", '^a fine'),
        select('SELECT 1 UNION SELECT 2', '^2$'),
        select('SELECT NULL', null),
        select('SELECT 1 FROM DUAL WHERE 1 = 2', null),
        select('SELECT * FROM nowhere.nothing', null),
        select("SET @a = 'no rows'", null),
      ),
      [
        /^passed: MySQL [\d.]+-?.*MariaDB.* greets$/,
        /^passed: MySQL .* takes the login$/,
        /^denied: login as probe: error 1045, "Access denied for user 'probe'@.*"$/,
        /^passed: MySQL .* takes the login$/,
        /^denied: login as safe: error 1045/,
        /^passed: MySQL .* greets$/,
        /^passed: the query gives "a fine day"$/,
        /^wrong-answer: the query gives "1", expected \/\^2\$\/$/,
        /^passed: the query gives NULL$/,
        /^wrong-answer: the query gives no row$/,
        /^(denied|wrong-answer): query: error \d+, ".*nothing.*"$/,
        /^wrong-answer: the query gives no rows$/,
      ],
    )
  })

  await t.test('never counts as a broken connection, as a TCP check does', async () => {
    await sql(host, 'FLUSH HOSTS')
    await ask(...Array.from({ length: 8 }, () => question()))
    await ask(question({ tls: anyTls }), question({ login: { user: 'probe', password: 'wrong' } }))
    assert.equal(await errors(), 0)
    assertFound(await ask(question({ login })), [/^passed/])

    // The server counts when it notices that they have left.
    const leave = 'for n in 1 2 3 4 5 6; do head -c 5 <>/dev/tcp/192.0.2.10/3306; done'
    for (let round = 0; round < 50 && (await errors()) < 5; round++) {
      await box.must('bash', ['-c', leave])
    }
    assertFound(await ask(question()), [
      /^denied: greeting: error 1129, "Host '192.0.2.1' is blocked because/,
    ])
    await sql(host, 'FLUSH HOSTS')
  })

  await t.test('too many connections', async () => {
    await server.stop()
    server = await startServer(host, '--max-connections=10', '--extra-max-connections=0')
    // One more than users may have is for the administrator.
    const busy = Array.from({ length: 12 }, () =>
      host.start('mariadb', [
        '--no-defaults',
        `--socket=${folder}/socket`,
        '-e',
        'SELECT SLEEP(600)',
      ]),
    )
    const clients = await Promise.all(busy)
    await Promise.race(clients.map(client => client.ended))
    assertFound(await ask(question(), question({ login })), [
      /^wrong-answer: greeting: error 1040, "Too many connections"$/,
      /^wrong-answer: greeting: error 1040, "Too many connections"$/,
    ])
    for (const client of clients) await client.kill()
  })

  await t.test('a server that hangs, and one that is gone', async () => {
    server.signal('SIGSTOP')
    const [hung] = await probe(box, at, [question()], 400)
    assertFound(
      [hung!],
      [/^timeout: 192.0.2.10:3306 took the connection and said nothing in time$/],
    )
    server.signal('SIGCONT')
    await server.kill()
    assertFound(await ask(question()), [/^refused: connection refused by 192.0.2.10:3306$/])
  })
})
