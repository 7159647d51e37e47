import { test } from 'node:test'
import type { LdapQuestion } from '../../appliance/health/question.ts'
import { openLab } from '../lab/namespaces/lab.ts'
import { anyTls, assertFound, probe, targetAt } from './probe-question.ts'
import { makeCertificate } from './server-certificate.ts'

const question = (more: Partial<LdapQuestion> = {}): LdapQuestion => ({
  kind: 'ldap',
  tls: null,
  bind: null,
  base: null,
  ...more,
})
const as = (dn: string, password: string) => ({ bind: { dn, password } })
const admin = 'cn=admin,dc=example,dc=org'
const folder = '/run/ldap'

const settings = (more: string) => `
include /etc/ldap/schema/core.schema
modulepath /usr/lib/ldap
moduleload back_mdb
pidfile ${folder}/pid
TLSCertificateFile ${folder}/cert.pem
TLSCertificateKeyFile ${folder}/key.pem
${more}
database mdb
maxsize 10485760
suffix "dc=example,dc=org"
rootdn "${admin}"
rootpw right
directory ${folder}/data
access to dn.base="ou=hidden,dc=example,dc=org" by * none
access to dn.base="ou=shy,dc=example,dc=org" attrs=entry by * search
access to * by * read
`
const entries = `dn: dc=example,dc=org
objectClass: dcObject
objectClass: organization
dc: example
o: Example

dn: ou=hidden,dc=example,dc=org
objectClass: organizationalUnit
ou: hidden

dn: ou=shy,dc=example,dc=org
objectClass: organizationalUnit
ou: shy
`

test('LDAP', async t => {
  const lab = await openLab(t)
  const host = await lab.host('server')
  await makeCertificate(host, folder)
  await host.must('mkdir', [`${folder}/data`])
  const start = async (more = '') => {
    await host.write(`${folder}/slapd.conf`, settings(more))
    const urls = 'ldap://127.0.0.1 ldaps://127.0.0.1'
    const args = ['-f', `${folder}/slapd.conf`, '-h', urls, '-d', 'stats']
    const server = await host.start('slapd', args)
    await server.until(/slapd starting/)
    return server
  }
  await host.write(`${folder}/slapd.conf`, settings(''))
  await host.must('slapadd', ['-f', `${folder}/slapd.conf`], { input: entries })
  let server = await start()
  const at = targetAt('127.0.0.1', null)
  const ask = (...questions: readonly LdapQuestion[]) => probe(host, at, questions)

  await t.test('binds and entries', async () => {
    assertFound(
      await ask(
        question(),
        question({ tls: anyTls }),
        question(as(admin, 'right')),
        question(as(admin, 'wrong')),
        question(as(admin, '')),
        question(as('no DN', 'right')),
        question({ ...as(admin, 'right'), base: 'dc=example,dc=org' }),
        question({ base: 'dc=example,dc=org', tls: anyTls }),
        question({ base: 'ou=nothing,dc=example,dc=org' }),
        question({ base: 'ou=hidden,dc=example,dc=org' }),
        question({ base: 'ou=shy,dc=example,dc=org' }),
        question({ base: 'dc=elsewhere' }),
      ),
      [
        /^passed: anonymous bind$/,
        /^passed: anonymous bind$/,
        /^passed: bind as cn=admin,dc=example,dc=org$/,
        /^denied: bind as cn=admin.*: invalid credentials \(49\)$/,
        /^cannot-ask: .*needs a password/,
        /^wrong-answer: bind as no DN: invalid DN syntax \(34\), "invalid DN"$/,
        /^passed: bind as cn=admin.*, "dc=example,dc=org" is there$/,
        /^passed: anonymous bind, "dc=example,dc=org" is there$/,
        /^wrong-answer: search of "ou=nothing,.*": no such object \(32\)$/,
        /^wrong-answer: search of "ou=hidden,.*": no such object \(32\)$/,
        /^wrong-answer: search of "ou=shy,.*": no entry is shown to us$/,
        /^wrong-answer: search of "dc=elsewhere": (no such object|referral)/,
      ],
    )
    // It left in order each time.
    await server.until(/UNBIND/)
  })

  await t.test('a server that wants TLS and names, hangs, is gone', async () => {
    await server.stop()
    server = await start('security ssf=128\ndisallow bind_anon')
    assertFound(await ask(question(as(admin, 'right')), question({ tls: anyTls })), [
      /^denied: bind as .*: confidentiality required: use TLS \(13\)/,
      /^denied: anonymous bind: inappropriate authentication: anonymous is not allowed \(48\)/,
    ])
    server.signal('SIGSTOP')
    assertFound(await probe(host, at, [question(), question({ tls: anyTls })], 400), [
      /^timeout: 127.0.0.1:389 took the connection and said nothing in time$/,
      /^timeout: 127.0.0.1:636 took the connection, but TLS did not come about in time$/,
    ])
    server.signal('SIGCONT')
    await server.kill()
    assertFound(await ask(question()), [/^refused: /])
  })
})
