import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import type { Alert } from '../../appliance/alerting/alert.ts'
import { facilities } from '../../appliance/alerting/syslog-line.ts'
import { deliver } from '../../appliance/alerts/deliver.ts'
import { alerts as schema } from '../../appliance/config/alert-schema.ts'
import { inOwnNetwork } from './own-network.ts'
import { certificates, ownFolder, until, withServer } from './probes-lab.ts'

const ports = { udp: 5514, tcp: 5514, tls: 6514 } as const
const [demanding, outdated] = [6515, 6516]

/** What rsyslog understood of each message, not the bytes that it got. */
const configuration = (own: string, keys: string): string => `
global(workDirectory="${own}" DefaultNetstreamDriver="ossl"
  DefaultNetstreamDriverCAFile="${keys}/ca.pem"
  DefaultNetstreamDriverCertFile="${keys}/good.pem"
  DefaultNetstreamDriverKeyFile="${keys}/good.key")
module(load="imudp")
module(load="imtcp")
template(name="understood" type="list" option.json="on") {
  constant(value="[\\"")  property(name="inputname")
  constant(value="\\",\\"") property(name="syslogfacility")
  constant(value="\\",\\"") property(name="syslogseverity-text")
  constant(value="\\",\\"") property(name="protocol-version")
  constant(value="\\",\\"") property(name="timestamp" dateFormat="rfc3339")
  constant(value="\\",\\"") property(name="hostname")
  constant(value="\\",\\"") property(name="app-name")
  constant(value="\\",\\"") property(name="msgid")
  constant(value="\\",\\"") property(name="msg")
  constant(value="\\"]\\n")
}
ruleset(name="keep") { action(type="omfile" file="${own}/understood" template="understood") }
input(type="imudp" address="127.0.0.1" port="${ports.udp}" name="udp" ruleset="keep")
input(type="imtcp" address="127.0.0.1" port="${ports.tcp}" name="tcp" ruleset="keep")
input(type="imtcp" address="127.0.0.1" port="${ports.tls}" name="tls" ruleset="keep"
  streamDriver.name="ossl" streamDriver.mode="1" streamDriver.authMode="anon")
input(type="imtcp" address="127.0.0.1" port="${demanding}" name="demanding" ruleset="keep"
  streamDriver.name="ossl" streamDriver.mode="1" streamDriver.authMode="x509/certvalid")
input(type="imtcp" address="127.0.0.1" port="${outdated}" name="outdated" ruleset="keep"
  streamDriver.name="ossl" streamDriver.mode="1" streamDriver.authMode="anon"
  streamDriver.certFile="${keys}/expired.pem" streamDriver.keyFile="${keys}/expired.key")
`

inOwnNetwork(import.meta.filename, () => {
  const { folder, authority } = certificates()
  const own = ownFolder()
  writeFileSync(join(own, 'rsyslog.conf'), configuration(own, folder))
  const program = ['rsyslogd', '-n', '-f', join(own, 'rsyslog.conf'), '-i', join(own, 'pid')]
  withServer(program as [string, ...string[]], outdated)

  const understood = (): readonly (readonly string[])[] => {
    try {
      const lines = readFileSync(join(own, 'understood'), 'utf8').split('\n').slice(0, -1)
      return lines.map(line => JSON.parse(line) as readonly string[])
    } catch {
      return []
    }
  }

  const at = '2026-11-22T12:00:00.123Z'
  const send = (more: { readonly transport: keyof typeof ports }, alert: Partial<Alert> = {}) => {
    const { transport } = more
    const log = { kind: 'syslog', server: '127.0.0.1', port: ports[transport], ca: authority }
    const { channels } = schema.parse({ channels: { log: { ...log, ...more } } })
    assert.ok(channels.log)
    const usual = { id: '1', at, box: 'lb1', topic: 'alarms', state: 'begins' } as const
    const told: Alert = { ...usual, subject: 'split-brain', lines: ['x'], ...alert }
    return deliver(channels.log, told, () => Promise.reject(new Error('this is no script')))
  }
  const taken = { taken: true, why: null }

  test('rsyslog reads what comes over UDP, TCP and TLS, whatever is in it', async () => {
    // Bytes are counted, not characters; who does not count them ends at the line break.
    const alarm = { box: 'lb1.example.org', lines: ['Ärger: "zwei"\nhaben 192.0.2.100 – 💥', 'y'] }
    const words =
      'lb1.example.org: split-brain begins: Ärger: "zwei" haben 192.0.2.100 – 💥 (and 1 more)'
    for (const transport of ['udp', 'tcp', 'tls'] as const) {
      assert.deepEqual(await send({ transport }, alarm), taken)
      const next = { state: 'happened', subject: 'master', lines: ['m'.repeat(4000)] } as const
      assert.deepEqual(await send({ transport }, next), taken)
      const mine = () => understood().filter(([input]) => input === transport)
      await until(`two by ${transport}`, () => mine().length === 2)
      const bySeverity = mine().toSorted((one, other) =>
        (one[2] ?? '').localeCompare(other[2] ?? ''),
      )
      const common = [transport, String(facilities.indexOf('daemon'))]
      assert.deepEqual(bySeverity, [
        [...common, 'alert', '1', at, 'lb1.example.org', 'diarch', 'split-brain', words],
        [
          ...common,
          'notice',
          '1',
          at,
          'lb1',
          'diarch',
          'master',
          `lb1: master: ${'m'.repeat(4000)}`,
        ],
      ])
    }
  })

  test('each facility is the one that its name says', async () => {
    const before = understood().length
    for (const facility of facilities) {
      await send({ transport: 'udp', facility } as never, { subject: facility })
    }
    const all = () => understood().slice(before)
    await until('all have come', () => all().length === facilities.length)
    const numbers = new Map(all().map(([, number, , , , , , id]) => [id, number]))
    facilities.forEach((facility, number) => {
      assert.equal(numbers.get(facility), String(number), facility)
    })
  })

  test('a server that wants to know us gets our certificate', async () => {
    const [certificate, secret] = ['good.pem', 'good.key'].map(name => {
      // As a form gives it, which has one line.
      return readFileSync(join(folder, name), 'utf8').replaceAll('\n', '')
    })
    const ours = { port: demanding, certificate, secret }
    assert.deepEqual(await send({ transport: 'tls', ...ours }, { subject: 'known' }), taken)
    const came = () =>
      understood().some(([input, , , , , , , id]) => `${input} ${id}` === 'demanding known')
    await until('it is there', came)
  })

  const mistakes: readonly (readonly [what: string, more: object, why: RegExp])[] = [
    [
      'an authority of nobody',
      { ca: null },
      /^the certificate of 127\.0\.0\.1 port 6514 is of nobody we trust/,
    ],
    [
      'another name',
      { server: 'localhost' },
      /is for another name \(.*good\.example.*"server" has to be/,
    ],
    ['an old certificate', { port: outdated }, /has expired: whoever runs it has to renew it/],
    [
      'a server that wants to know us',
      { port: demanding },
      / port 6515 wants a certificate of us that it trusts \("certificate required"\): syslog has/,
    ],
    ['nobody there', { port: 9 }, /^127\.0\.0\.1 port 9: connect ECONNREFUSED/],
  ]
  test('what TLS has against a server is said with what to do', async t => {
    for (const [what, more, why] of mistakes) {
      await t.test(what, async () => {
        const delivery = await send({ transport: 'tls', ...more })
        assert.match(delivery.why ?? 'it was taken', why)
      })
    }
  })
})
