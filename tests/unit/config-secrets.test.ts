import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { alternatives, type Described, description } from '../../appliance/config/description.ts'
import { parseDocument } from '../../appliance/config/document.ts'
import { findingText } from '../../appliance/config/finding.ts'
import { joinSecrets, notShown, splitSecrets } from '../../appliance/config/secrets.ts'
import { pair } from './config/pair.ts'
import { hmacKey, writtenDocument } from './config/written-documents.ts'

const withKeys = (...keys: object[]) => pair({ router: { authentication: { hmac: { keys } } } })

test('what is split is joined again, and nothing of it is left in the public part', () => {
  fc.assert(
    fc.property(writtenDocument, document => {
      const { public: shown, secrets } = splitSecrets(document)
      assert.deepEqual(joinSecrets(shown, secrets), { kind: 'document', document })
      assert.deepEqual(splitSecrets(shown).public, shown)
      for (const key of Object.values(secrets)) {
        if (key.length > 8) assert.ok(!JSON.stringify(shown).includes(JSON.stringify(key)))
      }
    }),
  )
})

test('each secret by its place; an operator may call a server `password`', () => {
  const document = pair({
    router: { authentication: { password: 'geheim', hmac: { keys: [hmacKey(2, 'second')] } } },
    cluster: {
      checks: {
        'a.b': { kind: 'radius', secret: 'shared', login: { user: 'u', password: 'p' } },
        page: { kind: 'http', headers: { authorization: 'Bearer x', Accept: 'text/html' } },
      },
      services: { web: { virtual: ['192.0.2.100:80'], servers: { password: '10.0.0.1:80' } } },
    },
  })
  const { public: shown, secrets } = splitSecrets(document)
  assert.deepEqual(secrets, {
    'cluster.routers.VI_1.authentication.password': 'geheim',
    'cluster.routers.VI_1.authentication.hmac.keys[id=2].secret': 'second'.padEnd(32, '.'),
    'cluster.checks["a.b"].secret': 'shared',
    'cluster.checks["a.b"].login.password': 'p',
    'cluster.checks.page.headers.authorization': 'Bearer x',
  })
  const text = JSON.stringify(shown)
  assert.equal(text.split(notShown).length - 1, 5)
  assert.match(text, /"password":"10\.0\.0\.1:80"/)
  assert.match(text, /"Accept":"text\/html"/)
})

test('a header is a secret by its name, whoever has made that up', () => {
  const headers = {
    'X-Auth': 'geheim',
    'X-Auth-Key': 'geheim',
    'X-Access-Key': 'geheim',
    'X-Session-Id': 'geheim',
    'X-Credential': 'geheim',
    'X-Signature': 'geheim',
  }
  const document = { schemaVersion: 1, cluster: { checks: { page: { kind: 'http', headers } } } }
  assert.doesNotMatch(JSON.stringify(splitSecrets(document).public), /geheim/)
})

test('a header that is refused is not repeated', () => {
  const checks = { page: { kind: 'http', headers: { Cookie: 'geheim\n', 'X-Token': 'geheim\n' } } }
  const parsed = parseDocument({ schemaVersion: 1, cluster: { checks } })
  const texts = parsed.kind === 'refused' ? parsed.findings.map(findingText) : []
  assert.equal(texts.length, 2)
  assert.doesNotMatch(texts.join('\n'), /geheim/)
})

test('an edited document keeps its secrets, wherever its keys went', () => {
  const { secrets } = splitSecrets(withKeys(hmacKey(1, 'one'), hmacKey(2, 'two')))
  const edited = withKeys({ id: 2, secret: notShown }, hmacKey(3, 'three'), {
    id: 1,
    secret: notShown,
  })
  assert.deepEqual(joinSecrets(edited, secrets), {
    kind: 'document',
    document: withKeys(hmacKey(2, 'two'), hmacKey(3, 'three'), hmacKey(1, 'one')),
  })
})

test('a secret that should stay, and that there never was', () => {
  assert.deepEqual(joinSecrets(withKeys({ id: 7, secret: notShown }), {}), {
    kind: 'missing',
    places: ['cluster.routers.VI_1.authentication.hmac.keys[id=7].secret'],
  })
})

test('two keys of one id, which the schema refuses, are told apart by their places', () => {
  const document = withKeys(hmacKey(1, 'one'), hmacKey(1, 'two'))
  const { public: shown, secrets } = splitSecrets(document)
  assert.equal(Object.keys(secrets).length, 2)
  assert.deepEqual(joinSecrets(shown, secrets), { kind: 'document', document })
})

/** Sound like a secret, and are none. */
const harmless = new Set(['keys', 'activeKey', 'tokens', 'token', 'keyboard'])

test('every key of the schema that sounds like a secret is known', () => {
  const found = new Set<string>()
  const visit = (node: Described): void => {
    for (const { properties = {}, items, additionalProperties } of alternatives(node)) {
      for (const [name, child] of Object.entries(properties)) {
        if (/secret|passw|key|token|credential|community/i.test(name)) found.add(name)
        visit(child)
      }
      if (items) visit(items)
      if (additionalProperties) visit(additionalProperties)
    }
  }
  visit(description())
  for (const name of harmless) found.delete(name)
  assert.deepEqual([...found].sort(), ['password', 'secret'])
})

test('anything at all can be split', () => {
  fc.assert(
    fc.property(fc.jsonValue(), value => {
      const { public: shown, secrets } = splitSecrets(value)
      assert.deepEqual(secrets, {})
      assert.deepEqual(shown, value)
    }),
  )
})

test('what has no secret comes back as the same object, also from a document that changed', () => {
  const checks = { web: { kind: 'http', path: '/' }, mail: { kind: 'tcp' } }
  const users = { ann: { password: 'one' } }
  for (const name of ['first', 'again']) {
    const document = { schemaVersion: 1, cluster: { checks: { ...checks, [name]: {} }, users } }
    const { public: shown, secrets } = splitSecrets(document)
    assert.deepEqual(secrets, { 'cluster.users.ann.password': 'one' })
    assert.equal((shown as typeof document).cluster.checks, document.cluster.checks)
  }
})
