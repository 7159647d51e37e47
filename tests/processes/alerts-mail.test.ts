import assert from 'node:assert/strict'
import { chmodSync, chownSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import type { Alert } from '../../appliance/alerting/alert.ts'
import type { FromAlerts } from '../../appliance/alerting/alert-messages.ts'
import { Alerts } from '../../appliance/alerts/alerts.ts'
import { deliver } from '../../appliance/alerts/deliver.ts'
import { alerts as schema } from '../../appliance/config/alert-schema.ts'
import { accountOf } from '../../appliance/linux/accounts.ts'
import { inOwnNetwork } from './own-network.ts'
import { certificates, ownFolder, until, withServer } from './probes-lab.ts'

/** 587 as mail programs use it, 465, 25 for relays, and what people get wrong. */
const [submission, tls, clear, outdated] = [2587, 2465, 2525, 2588]

const password = 'the password of "lb" \\ $1'

const configuration = (own: string, certificatesIn: string): string => `
primary_hostname = mail.example
local_interfaces = 127.0.0.1
daemon_smtp_ports = ${submission} : ${tls} : ${clear} : ${outdated}
tls_on_connect_ports = ${tls}
spool_directory = ${own}/spool
log_file_path = ${own}/spool/%slog
pid_file_path = ${own}/spool/pid
keep_environment =
tls_advertise_hosts = \${if eq {$received_port}{${clear}}{}{*}}
tls_certificate = ${certificatesIn}/\${if eq {$received_port}{${outdated}}{expired}{good}}.pem
tls_privatekey = ${certificatesIn}/\${if eq {$received_port}{${outdated}}{expired}{good}}.key
auth_advertise_hosts = \${if def:tls_in_cipher {*}{}}
acl_smtp_mail = sender
acl_smtp_rcpt = recipient
begin acl
sender:
  deny senders = nobody@example.org
       message = who is nobody
  accept
recipient:
  deny !authenticated = *
       message = authentication required
  deny local_parts = ben
       message = there is no ben here
  defer local_parts = cyd
       message = the mailbox of cyd is full
  accept
begin routers
everything:
  driver = accept
  transport = mailbox
begin transports
mailbox:
  driver = appendfile
  file = ${own}/spool/mail-\${lookup{$local_part}lsearch,ret=key{${own}/people}}
  user = Debian-exim
begin authenticators
plain:
  driver = plaintext
  public_name = PLAIN
  server_condition = \${if and{{eq{$auth2}{lb}}{eq{$auth3}{\${readfile{${own}/password}}}}}}
  server_set_id = $auth2
  server_advertise_condition = \${if !eq{$received_port}{${tls}}}
login:
  driver = plaintext
  public_name = LOGIN
  server_prompts = Username:: : Password::
  server_condition = \${if and{{eq{$auth1}{lb}}{eq{$auth2}{\${readfile{${own}/password}}}}}}
  server_set_id = $auth1
  server_advertise_condition = \${if eq{$received_port}{${tls}}}
`

inOwnNetwork(import.meta.filename, () => {
  const { folder, authority } = certificates()
  const own = ownFolder()
  const exim = accountOf('Debian-exim')
  mkdirSync(join(own, 'spool'))
  chownSync(join(own, 'spool'), exim.uid, exim.gid)
  // The server is not root when it reads them.
  for (const each of [own, folder]) chmodSync(each, 0o755)
  for (const key of ['good.key', 'expired.key']) chmodSync(join(folder, key), 0o644)
  writeFileSync(join(own, 'people'), 'ada:\nada.l:\n')
  writeFileSync(join(own, 'password'), password)
  writeFileSync(join(own, 'exim.conf'), configuration(own, folder), { mode: 0o644 })
  withServer(['exim4', '-bdf', '-C', join(own, 'exim.conf')], submission)

  const mailsOf = (person: string): string => {
    try {
      return readFileSync(join(own, 'spool', `mail-${person}`), 'utf8')
    } catch {
      return ''
    }
  }

  const channel = (more: object) => {
    const office = {
      ...{ kind: 'mail', server: '127.0.0.1', port: submission, ca: authority },
      ...{ from: 'lb@example.org', to: ['ada@example.org'], login: { user: 'lb', password } },
      ...more,
    }
    const parsed = schema.parse({ channels: { office }, hold: '0s' })
    const [first] = Object.values(parsed.channels)
    assert.ok(first)
    return { parsed, channel: first }
  }

  const alert = (id: string): Alert => {
    const at = new Date().toISOString()
    const lines = ['Both boxes have 192.0.2.100.']
    return { id, at, box: 'lb1', topic: 'alarms', state: 'begins', subject: 'split-brain', lines }
  }

  const nothingToHand = () => Promise.reject(new Error('this is no script'))
  const send = (more: object, id = '1') => deliver(channel(more).channel, alert(id), nothingToHand)

  test('TLS and a login: by STARTTLS and PLAIN, by TLS and LOGIN', async () => {
    assert.deepEqual(await send({}), { taken: true, why: null })
    const byTls = { security: 'tls', port: tls, to: ['ada@example.org', 'ada.l@example.org'] }
    assert.deepEqual(await send(byTls, '2'), { taken: true, why: null })
    await until('both have it', () => /<2@diarch/.test(mailsOf('ada')) && mailsOf('ada.l') !== '')
    const ways = [...mailsOf('ada').matchAll(/^\tby mail.example with (\w+) +\((\S+)\)/gm)]
    const encrypted = ways.map(([, protocol, version]) => [protocol, version])
    assert.deepEqual(
      encrypted,
      [
        ['esmtpsa', 'TLS1.3'],
        ['esmtpsa', 'TLS1.3'],
      ],
      mailsOf('ada'),
    )
  })

  const mistakes: readonly (readonly [what: string, more: object, why: RegExp])[] = [
    [
      'a wrong password',
      { login: { user: 'lb', password: 'wrong' } },
      /^127\.0\.0\.1 port 2587 refused the login of "lb" \("535 [^"]+"\): correct "login"$/,
    ],
    [
      'a wrong password, asked for by LOGIN',
      { security: 'tls', port: tls, login: { user: 'lb', password: 'wrong' } },
      /^127\.0\.0\.1 port 2465 refused the login of "lb" \("535 [^"]+"\): correct "login"$/,
    ],
    [
      'no login',
      { login: undefined },
      /takes no mail without a login \("550 authentication required"\): give it one in "login"$/,
    ],
    [
      'an authority of nobody',
      { ca: null },
      /of nobody we trust \(unable to verify the first certificate\): its authority .* "ca"$/,
    ],
    [
      'a name that the certificate does not have',
      { server: 'localhost' },
      /^the certificate of localhost port 2587 is for another name \(.*DNS:good\.ex.*"server" has/,
    ],
    [
      'a certificate that has expired',
      { port: outdated },
      /has expired: whoever runs it has to renew it/,
    ],
    [
      'a server without STARTTLS',
      { port: clear },
      /^127\.0\.0\.1 port 2525 does not begin STARTTLS \("5\d\d [^"]+"\): "security": "tls"/,
    ],
    [
      'TLS where STARTTLS is spoken',
      { security: 'tls' },
      /^127\.0\.0\.1 port 2587 answers in clear where TLS should be: .*"security": "starttls"$/,
    ],
    [
      'a sender that the server does not want',
      { from: 'nobody@example.org' },
      /refused the sender nobody@example\.org \("550 who is nobody"\): correct "from"$/,
    ],
    [
      'recipients that are all refused',
      { to: ['ben@example.org'] },
      /refused every recipient \("550 there is no ben here"\): correct "to", or ask/,
    ],
    [
      'a login where the server offers none',
      { port: clear, security: 'none' },
      /^127\.0\.0\.1 port 2525 takes no login \("503 [^"]+"\): "security": "tls" and port 465/,
    ],
    ['a port at which nobody listens', { port: 9 }, /^127\.0\.0\.1 port 9: .*ECONNREFUSED/],
  ]
  test('what is wrong is said with whose fault it is, and what to do', async t => {
    for (const [what, more, why] of mistakes) {
      await t.test(what, async () => {
        const delivery = await send(more)
        assert.match(delivery.why ?? 'it was taken', why)
        assert.equal(delivery.taken, false)
        assert.ok(!delivery.why?.includes(password))
      })
    }
  })

  test('some recipients are refused: the others have it, and the channel says so', async t => {
    const said: FromAlerts[] = []
    const alerts = new Alerts(own, message => said.push(message))
    t.after(() => alerts.stop())
    const to = ['ben@example.org', 'ada@example.org', 'cyd@example.org']
    alerts.configure(channel({ to }).parsed, 'lb1')
    alerts.see([{ reason: 'peer-away', message: 'lb2 is away.' }])
    const last = () => {
      const told = said.filter(each => each.kind === 'alert-channels').at(-1)
      return told?.channels[0]
    }
    await until('it says so', () => last()?.state === 'failing')
    assert.deepEqual([last()?.waiting, last()?.lost], [0, 0], 'it is not sent again')
    assert.equal(
      last()?.why,
      '127.0.0.1 refused ben@example.org ("550 there is no ben here"), cyd@example.org ' +
        '("451 the mailbox of cyd is full"): correct "to", or ask whoever runs it; the others ' +
        'have the mail',
    )
    await until('ada has it', () => mailsOf('ada').includes('lb2 is away.'))
    alerts.configure(channel({}).parsed, 'lb1')
    assert.equal(await alerts.tryOut('office'), null)
    assert.equal(last()?.state, 'ok')
  })
})
