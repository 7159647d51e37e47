import assert from 'node:assert/strict'
import { test } from 'node:test'
import { hashedText, parseHashed } from '../../appliance/access/password-text.ts'
import { calmRefusals, note } from '../../appliance/access/refusal-pace.ts'
import { parseDocument } from '../../appliance/config/document.ts'
import { findingText } from '../../appliance/config/finding.ts'
import { newestVersion } from '../../appliance/config/migrations.ts'
import { splitSecrets } from '../../appliance/config/secrets.ts'
import { after, instant, seconds } from '../../appliance/values/duration.ts'

const hashed = hashedText({ salt: 'A'.repeat(22), key: 'b'.repeat(43) })

test('a hashed password says how it was made, and is read again', () => {
  assert.equal(hashed, `$scrypt$ln=13,r=8,p=10$${'A'.repeat(22)}$${'b'.repeat(43)}`)
  assert.deepEqual(parseHashed(hashed), { salt: 'A'.repeat(22), key: 'b'.repeat(43) })
  for (const other of [hashed.slice(1), `${hashed}x`, `${hashed}\n`, hashed.replace('13', '1')]) {
    assert.equal(parseHashed(other), null, other)
  }
})

const secret = `sha256:${'0'.repeat(64)}`

/** What is wrong with users and tokens, a line each. */
function refused(users: unknown, tokens: unknown = {}): readonly string[] {
  const parsed = parseDocument({ schemaVersion: newestVersion, cluster: { users, tokens } })
  return parsed.kind === 'document' ? [] : parsed.findings.map(findingText)
}

const user = (password: string, role = 'admin') => ({ anna: { role, password } })

test('a password has 8 to 128 characters, or is hashed', () => {
  for (const good of ['12345678', 'ä'.repeat(128), hashed, 'with spaces and "quotes"']) {
    assert.deepEqual(refused(user(good)), [], good)
  }
  const wrong =
    'cluster.users.anna.password is (not shown), expected a password of 8 to 128 characters'
  const damaged = hashed.slice(0, -1)
  for (const bad of ['1234567', 'x'.repeat(129), 'line\nbreak', '(not shown)', damaged]) {
    assert.deepEqual(refused(user(bad)), [wrong], bad)
  }
})

test('nobody locks everybody out: one of the users is an admin', () => {
  const noAdmin = ['cluster.users is (an object), expected a user whose role is "admin"']
  assert.deepEqual(refused(user('long enough', 'operator')), noAdmin)
  const monitor = { monitor: { role: 'viewer', secret } }
  assert.deepEqual(refused({}, monitor), [
    'cluster.tokens is (an object), expected users in cluster.users too; ' +
      'without users nothing is reachable over the network',
  ])
  assert.deepEqual(refused(user('long enough'), monitor), [])
})

test('a token has a role, the hash of its secret, and a time at most', () => {
  const token = (more: object) => ({ monitor: { role: 'viewer', secret, ...more } })
  const good = user('long enough')
  assert.deepEqual(refused(good, token({ expires: '2027-01-31T00:00:00Z' })), [])
  assert.equal(refused(good, token({ expires: '2027-02-31T00:00:00Z' })).length, 1)
  assert.equal(refused(good, token({ secret: 'diarch_secret' })).length, 1)
  assert.equal(refused(good, token({ role: 'root' })).length, 1)
})

test('passwords and tokens are secrets of the document', () => {
  const { public: shown, secrets } = splitSecrets({
    cluster: { users: user('long enough'), tokens: { monitor: { role: 'viewer', secret } } },
  })
  assert.deepEqual(Object.keys(secrets), [
    'cluster.users.anna.password',
    'cluster.tokens.monitor.secret',
  ])
  assert.doesNotMatch(JSON.stringify(shown), /long enough|sha256/)
})

test('refusals are written down up to a number, then one in six seconds, and counted', () => {
  let pace = calmRefusals(instant(0))
  let now = instant(0)
  const missed = (): number | null => {
    const noted = note(pace, now)
    pace = noted.pace
    return noted.missed
  }
  for (let n = 0; n < 20; n++) assert.equal(missed(), 0)
  for (let n = 0; n < 1000; n++) assert.equal(missed(), null)
  now = after(now, seconds(6))
  assert.equal(missed(), 1000)
  assert.equal(missed(), null)
  now = after(now, seconds(3600))
  assert.equal(missed(), 1)
  for (let n = 0; n < 19; n++) assert.equal(missed(), 0)
  assert.equal(missed(), null)
})
