import * as z from 'zod'
import { topics } from '../alerting/alert.ts'
import { facilities } from '../alerting/syslog-line.ts'
import { certificates, hostName, privateKey } from './check-leaves.ts'
import {
  absolutePath,
  choice,
  command,
  duration,
  flag,
  integer,
  matching,
  name,
  user,
} from './leaves.ts'
import { key } from './meta.ts'

const what = {
  topics: key(
    z.array(choice(...topics)).prefault(['alarms', 'roles', 'services']),
    'What it is told. `alarms`: what is wrong with a box, and its end. `roles`: a router has ' +
      'another state. `services`: up or down. `servers`: each of them.',
  ),
  alarms: key(
    z.array(matching('the reason of an alarm', /^[a-z][a-z-]{0,63}$/)).optional(),
    'Of the alarms only these, by their reasons, such as "split-brain".',
    { otherwise: 'all' },
  ),
}

const trust = {
  verify: key(
    flag.prefault(true),
    'The certificate has to be good, and for this name. `false` lets anybody listen in.',
  ),
  ca: key(certificates.nullable().prefault(null), "Whom we trust. `null`: the system's."),
}

const secretText = 'text of 1 to 256 characters'
const secretWord = z
  .string({ error: secretText })
  .regex(/^[^\p{Cc}]{1,256}$/u, { error: secretText })
  .meta({ expected: secretText })

const address = matching('a mail address', /^[^\s@<>,;]{1,64}@[^\s@<>,;]{1,255}$/)

const mail = z
  .strictObject({
    kind: key(z.literal('mail'), 'By SMTP.', { keepalived: ['smtp_alert', 'smtp_server'] }),
    server: key(hostName, 'Who takes the mail.', { keepalived: ['smtp_server'] }),
    security: key(
      choice('starttls', 'tls', 'none').prefault('starttls'),
      '`starttls`: encrypted or not at all. `tls`: from the first byte. `none`: in clear.',
    ),
    port: key(integer(1, 65_535).optional(), 'Of the server.', {
      otherwise: '587, of `tls` 465, of `none` 25',
    }),
    login: key(
      z
        .strictObject({
          user: key(matching('a name', /^[^\p{Cc}]{1,256}$/u), 'As the server knows us.'),
          password: key(secretWord, 'Never sent in clear.'),
        })
        .meta({ id: 'mailLogin', title: 'Mail login' })
        .optional(),
      'Where the server asks for one.',
      { otherwise: 'none' },
    ),
    from: key(address, 'The sender.', { keepalived: ['notification_email_from'] }),
    to: key(z.array(address).min(1, { error: 'at least one address' }), 'Who reads it.', {
      keepalived: ['notification_email'],
    }),
    ...trust,
    ...what,
  })
  .meta({ id: 'mailAlerts', title: 'Alerts: mail' })

const webhook = z
  .strictObject({
    kind: key(z.literal('webhook'), 'JSON, by a POST over HTTP or HTTPS.'),
    url: key(
      matching('an address that begins with "https://" or "http://"', /^https?:\/\/[!-~]{1,2000}$/),
      'Where to.',
    ),
    secret: key(
      secretWord.optional(),
      'Signs each message: `X-Diarch-Signature` is "sha256=" and the HMAC of the body.',
      { otherwise: 'no signature' },
    ),
    ...trust,
    ...what,
  })
  .meta({ id: 'webhookAlerts', title: 'Alerts: webhook' })

const syslog = z
  .strictObject({
    kind: key(z.literal('syslog'), 'RFC 5424.'),
    server: key(hostName, 'Who takes it.'),
    transport: key(choice('udp', 'tcp', 'tls').prefault('udp'), 'UDP may lose messages.'),
    port: key(integer(1, 65_535).optional(), 'Of the server.', {
      otherwise: '514, of `tls` 6514',
    }),
    facility: key(choice(...facilities).prefault('daemon'), 'Of the messages.', {
      keepalived: ['-S', 'log_facility'],
    }),
    certificate: key(
      certificates.optional(),
      'Ours, for a server that wants one over TLS, signed by somebody whom it trusts.',
      { otherwise: 'none' },
    ),
    secret: key(privateKey.optional(), 'The key of `certificate`, as PEM.', { otherwise: 'none' }),
    ...trust,
    ...what,
  })
  .meta({ id: 'syslogAlerts', title: 'Alerts: syslog' })

const file = z
  .strictObject({
    kind: key(
      z.literal('file'),
      'A file on the box, in the form of syslog (RFC 5424), which `diarch alerts log` shows.',
    ),
    facility: key(choice(...facilities).prefault('daemon'), 'Of the messages.'),
    mostBytes: key(
      integer(10_000, 10_000_000).prefault(1_000_000),
      'Then the file takes the place of the one before, and a new one begins: at most twice as ' +
        'much lies on the disk.',
    ),
    ...what,
  })
  .meta({ id: 'fileAlerts', title: 'Alerts: file' })

const script = z
  .strictObject({
    kind: key(z.literal('script'), 'A program of your own.'),
    command: key(
      command,
      'Started once for each alert, one after the other, with the alert as JSON on its standard ' +
        'input and as `DIARCH_ALERT_...` in its environment. Exit code 0: it was taken. No shell ' +
        'reads it.',
    ),
    user: key(
      user.nullable().prefault(null),
      'Who runs it. `null`: the account that Diarch runs as.',
    ),
    timeout: key(duration('100ms', '30s').prefault('20s'), 'Then it is ended, and has failed.'),
    ...what,
  })
  .meta({ id: 'scriptAlerts', title: 'Alerts: script' })

const fifo = z
  .strictObject({
    kind: key(z.literal('fifo'), 'A named pipe for a program that runs beside.'),
    path: key(
      absolutePath,
      'It gets a line of JSON for each alert, of at most 4096 bytes. Made for root alone where ' +
        'it is missing.',
    ),
    ...what,
  })
  .meta({ id: 'fifoAlerts', title: 'Alerts: FIFO' })

const kinds = [mail, webhook, syslog, file, script, fifo] as const

const kindText = kinds.map(({ shape }) => JSON.stringify(shape.kind.value)).join(' or ')

export const alerts = z
  .strictObject({
    channels: key(
      z
        .record(
          name,
          z.discriminatedUnion('kind', kinds, { error: kindText }).meta({ expected: 'a channel' }),
        )
        .prefault({}),
      'Who is told, by name.',
    ),
    hold: key(
      duration('0s', '1h').prefault('5s'),
      'An alarm is told when it has stood so long, its end when it has been away so long.',
    ),
    remind: key(
      duration('1m', '720h').nullable().prefault('24h'),
      'What still stands is told again after so long. `null`: never.',
    ),
  })
  .meta({ id: 'alerts', title: 'Alerts' })

export type AlertsConfig = z.output<typeof alerts>
export type AlertChannel = AlertsConfig['channels'][string]
export type MailChannel = z.output<typeof mail>
export type WebhookChannel = z.output<typeof webhook>
export type SyslogChannel = z.output<typeof syslog>
export type FileChannel = z.output<typeof file>
export type ScriptChannel = z.output<typeof script>
export type FifoChannel = z.output<typeof fifo>
