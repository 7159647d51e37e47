import assert from 'node:assert/strict'
import { test } from 'node:test'
import { accepted, pair, refusals } from './config/pair.ts'

const login = { user: 'lb', password: 'the password of lb' }
const told = (channel: object) => pair({ cluster: { alerts: { channels: { office: channel } } } })
const mail = { kind: 'mail', server: 'mail.example', from: 'lb@example.org', to: ['a@example.org'] }

test('a password for mail is not sent in clear', () => {
  assert.match(
    refusals(told({ ...mail, security: 'none', login })).join('\n'),
    /channels\.office\.login.*a "security" of starttls or tls with it/,
  )
  accepted(told({ ...mail, security: 'none' }))
  accepted(told({ ...mail, login }))
})

test('a certificate for syslog has its key with it, and TLS', () => {
  const log = { kind: 'syslog', server: 'log.example', transport: 'tls' }
  const pem = (what: string) => `-----BEGIN ${what}-----\nYQ==\n-----END ${what}-----\n`
  const [certificate, secret] = [pem('CERTIFICATE'), pem('PRIVATE KEY')]
  const said = (more: object) => refusals(told({ ...log, ...more })).join('\n')
  assert.match(said({ certificate }), /office\.certificate.*its key with it/)
  assert.match(said({ secret }), /office\.secret.*the "certificate" that it is the key of/)
  assert.match(
    said({ certificate, secret, transport: 'tcp' }),
    /office\.certificate.*"tls" with it/,
  )
  accepted(told({ ...log, certificate, secret }))
})
