import assert from 'node:assert/strict'
import { once } from 'node:events'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { get } from 'node:https'
import { join } from 'node:path'
import { test } from 'node:test'
import { newestVersion } from '../../appliance/config/migrations.ts'
import { logIn, makeUser, onBox, password, siteOfFile, visit } from './access-run.ts'
import { until } from './supervisor-lab.ts'
import { statusOf } from './supervisor-run.ts'

const site = await siteOfFile()
const session = '/api/v1/session'

test('before there is a user, only the public state is shown', async () => {
  for (const [method, path] of [
    ['GET', '/api/v1/status'],
    ['GET', '/api/v1/openapi.json'],
    ['POST', session],
    ['PUT', '/api/v1/users/anna'],
  ] as const) {
    const refused = await visit(site, method, path, { headers: { authorization: 'Bearer x' } })
    assert.deepEqual([refused.status, refused.body.reason], [403, 'setup-not-finished'], path)
    assert.match(String(refused.body.detail), /console: diarch user set NAME --role admin/)
  }
  assert.equal((await visit(site, 'GET', '/api/v1/public')).status, 200)
  // Off the image `web` is the same user as the supervisor.
  assert.equal(statSync(join(site.runDir, 'web.sock')).mode & 0o777, 0o600)
})

test('the first user is made on the box; the password is kept as a hash alone', async () => {
  await makeUser(site, 'anna', 'admin')
  await makeUser(site, 'ben', 'operator')
  const whole = await onBox(site, 'GET', '/api/v1/configuration')
  assert.doesNotMatch(JSON.stringify(whole.body), /scrypt|correct horse/)
  const files = readdirSync(site.stateDir, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile())
    .map(entry => readFileSync(join(entry.parentPath, entry.name), 'latin1'))
  assert.ok(files.some(text => text.includes('$scrypt$ln=13,r=8,p=10$')))
  assert.ok(!files.some(text => text.includes(password)))
})

test('a login brings a cookie for this box alone, and the answer says for how long', async () => {
  const { set, cookie } = await logIn(site, 'anna')
  assert.match(
    set,
    new RegExp(
      `^__Host-diarch-${site.port}=[\\w-]{43}; Path=/; Secure; HttpOnly; SameSite=Strict$`,
    ),
  )
  const shown = await visit(site, 'GET', session, { headers: cookie })
  assert.deepEqual([shown.body.user, shown.body.role, shown.body.via], ['anna', 'admin', 'session'])
  const left = Date.parse(String(shown.body.expiresAt)) - Date.now()
  assert.ok(left > 29 * 60_000 && left <= 30 * 60_000, `${left} ms`)
  assert.equal(shown.headers['cache-control'], 'no-store')
})

test('what changes something needs the token of the session, and to come from here', async () => {
  const { cookie, csrf } = await logIn(site, 'anna')
  const change = async (headers: Record<string, string>) => {
    const { status, body } = await visit(site, 'DELETE', '/api/v1/maintenance', { headers })
    return `${status} ${body.reason ?? 'done'}`
  }
  const own = `https://127.0.0.1:${site.port}`
  assert.equal(await change({}), '401 not-logged-in')
  assert.equal(await change(cookie), '403 csrf-token-missing')
  assert.equal(await change({ ...cookie, 'x-csrf-token': 'x' }), '403 csrf-token-missing')
  assert.equal(await change({ ...cookie, ...csrf }), '200 done')
  assert.equal(await change({ ...cookie, ...csrf, origin: own }), '200 done')
  for (const other of ['https://example.org', 'null', `http://127.0.0.1:${site.port}`]) {
    assert.equal(await change({ ...cookie, ...csrf, origin: other }), '403 cross-site', other)
  }
  for (const where of ['cross-site', 'same-site', 'none']) {
    const headers = { ...cookie, ...csrf, 'sec-fetch-site': where }
    assert.equal(await change(headers), '403 cross-site', where)
  }
  const body = { user: 'anna', password }
  const headers = { origin: 'https://example.org' }
  const login = await visit(site, 'POST', session, { body, headers })
  assert.equal(login.body.reason, 'cross-site')
  // The cookie of a box behind another port of this host is not ours.
  const { cookie: name } = cookie
  const elsewhere = { cookie: name.replace(String(site.port), '1') }
  assert.equal((await visit(site, 'GET', session, { headers: elsewhere })).status, 401)
})

test('a logout ends the session, and the streams that it has open', async () => {
  const { cookie, csrf } = await logIn(site, 'anna')
  const stream = get({
    host: '127.0.0.1',
    port: site.port,
    path: '/api/v1/status/stream',
    headers: cookie,
    agent: false,
    rejectUnauthorized: false,
  })
  stream.on('error', () => {})
  const [answer] = await once(stream, 'response')
  let text = ''
  answer.setEncoding('utf8').on('data', (part: string) => {
    text += part
  })
  const closed = new Promise(resolve => answer.on('error', resolve).on('close', resolve))
  await until(
    'the status over HTTPS',
    () => text,
    seen => /^id: \d+\nevent: status\ndata: \{.*\}\n\n/s.test(seen),
  )
  const out = await visit(site, 'DELETE', session, { headers: { ...cookie, ...csrf } })
  assert.match(String(out.headers['set-cookie']), /^__Host-diarch-\d+=; Max-Age=0; /)
  await closed
  const after = await visit(site, 'GET', session, { headers: cookie })
  assert.deepEqual([after.status, after.body.reason], [401, 'not-logged-in'])
})

test('sessions outlive the web process', async () => {
  const { cookie } = await logIn(site, 'anna')
  const before = (await statusOf(site.runDir))?.processes.find(({ name }) => name === 'web')?.pid
  await onBox(site, 'POST', '/api/v1/processes/web/restart')
  await until(
    'another web process',
    async () => (await statusOf(site.runDir))?.processes.find(({ name }) => name === 'web'),
    seen => seen?.state === 'running' && seen.pid !== before,
    60_000,
  )
  assert.equal((await visit(site, 'GET', session, { headers: cookie })).body.user, 'anna')
})

test('another password ends all sessions of the user, and begins another here', async () => {
  const [one, two] = [await logIn(site, 'ben'), await logIn(site, 'ben')]
  const put = (old: string) =>
    visit(site, 'PUT', `${session}/password`, {
      headers: { ...one.cookie, ...one.csrf },
      body: { old, new: 'battery staple' },
    })
  assert.equal((await put('wrong password')).body.reason, 'login-refused')
  const changed = await put(password)
  assert.equal(changed.status, 200, JSON.stringify(changed.body))
  const cookie = String(changed.headers['set-cookie']).split(';')[0] ?? ''
  const statuses = await Promise.all(
    [one.cookie, two.cookie, { cookie }].map(
      async headers => (await visit(site, 'GET', session, { headers })).status,
    ),
  )
  assert.deepEqual(statuses, [401, 401, 200])
  await logIn(site, 'ben', 'battery staple')
})

test('a user with another role, or none any more, is out at once', async () => {
  await makeUser(site, 'carl', 'operator')
  const first = await logIn(site, 'carl')
  await onBox(site, 'PUT', '/api/v1/users/carl', { role: 'viewer' })
  assert.equal((await visit(site, 'GET', session, { headers: first.cookie })).status, 401)
  const second = await logIn(site, 'carl')
  await onBox(site, 'DELETE', '/api/v1/users/carl')
  assert.equal((await visit(site, 'GET', session, { headers: second.cookie })).status, 401)
  const last = await onBox(site, 'DELETE', '/api/v1/users/anna')
  assert.equal(last.body.reason, 'configuration-refused')
  assert.match(String(last.body.detail), /a user whose role is "admin"/)
})

test('a document without users does not take the place of one that has some', async () => {
  const changes = '/api/v1/configuration/changes'
  const { body } = await onBox(site, 'GET', '/api/v1/configuration')
  const parent = (body.revision as { readonly number: number }).number
  const document = { schemaVersion: newestVersion, cluster: {} }
  const answer = await onBox(site, 'POST', changes, { document, parent })
  assert.deepEqual([answer.status, answer.body.reason], [422, 'configuration-refused'])
  assert.match(
    String(answer.body.detail),
    /^cluster\.users .*, expected a user whose role is "admin"; .* in force has anna.*config show/,
  )
  const own = body.document as { readonly cluster: { readonly users: object } }
  const kept = { ...document, cluster: { users: own.cluster.users } }
  assert.equal((await onBox(site, 'POST', changes, { document: kept, parent })).status, 200)
  await logIn(site, 'anna')
})

test('who changes his password meanwhile keeps neither a role nor his place', async () => {
  for (const taken of [
    () => onBox(site, 'PUT', '/api/v1/users/eve', { role: 'viewer' }),
    () => onBox(site, 'DELETE', '/api/v1/users/eve'),
  ]) {
    await makeUser(site, 'eve', 'admin')
    const { cookie, csrf } = await logIn(site, 'eve')
    const asked = {
      headers: { ...cookie, ...csrf },
      body: { old: password, new: 'a new password' },
    }
    const own = visit(site, 'PUT', `${session}/password`, asked)
    // Two hashes are made before it comes to the configuration.
    await new Promise(resolve => setTimeout(resolve, 50))
    assert.equal((await taken()).status, 200)
    await own
    const { body } = await onBox(site, 'GET', '/api/v1/users')
    const eve = (body.users as readonly { user: string }[]).find(({ user }) => user === 'eve')
    assert.deepEqual([undefined, 'viewer'].includes((eve as { role?: string })?.role), true)
  }
  assert.equal((await onBox(site, 'DELETE', '/api/v1/users/eve')).status, 404)
})

const attempt = (user: string, from: string) =>
  visit(site, 'POST', session, { body: { user, password: 'wrong password' }, from })

test('wrong passwords and unknown users are answered alike, in words and in time', async () => {
  await makeUser(site, 'dora', 'viewer')
  const took: Record<string, number[]> = { dora: [], nobody: [] }
  const words = new Set<string>()
  for (let n = 1; n < 10; n++) {
    for (const user of ['dora', 'nobody']) {
      const began = performance.now()
      const { status, body } = await attempt(user, `127.0.1.${n}`)
      took[user]?.push(performance.now() - began)
      words.add(`${status} ${JSON.stringify(body)}`)
    }
  }
  assert.equal(words.size, 1)
  assert.match([...words][0] ?? '', /^401 .*"login-refused"/)
  const median = (all: readonly number[] = []) => all.toSorted((a, b) => a - b)[4] ?? 0
  const ratio = median(took.nobody) / median(took.dora)
  assert.ok(ratio > 0.5 && ratio < 2, `unknown users take ${ratio} times as long`)
})

test('who tries often waits, and hears for how long; others do not wait with him', async () => {
  for (let n = 0; n < 5; n++) assert.equal((await attempt(`user${n}`, '127.0.2.1')).status, 401)
  const early = await attempt('anna', '127.0.2.1')
  assert.deepEqual([early.status, early.body.reason], [429, 'too-many-attempts'])
  assert.match(String(early.headers['retry-after']), /^[1-9]\d*$/)
  await logIn(site, 'anna', password, '127.0.2.2')
  const all = await Promise.all(Array.from({ length: 12 }, () => attempt('anna', '127.0.2.3')))
  const looked = all.filter(({ status }) => status === 401).length
  // One at a time: a busy machine may bring some of them only after the first answer.
  assert.ok(looked >= 1 && looked <= 3, `of 12 at once ${looked} were looked at`)
  assert.ok(all.every(({ status }) => status === 401 || status === 429))
})
