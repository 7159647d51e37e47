import assert from 'node:assert/strict'
import { once } from 'node:events'
import { request } from 'node:http'
import { join } from 'node:path'
import { before, test } from 'node:test'
import type { OperationDescription } from '../../appliance/api/operation.ts'
import { operationIds, operations } from '../../appliance/api/operations.ts'
import { mayAct, roles } from '../../appliance/api/role.ts'
import { makeToken, makeUser, onBox, siteOfFile, visit } from './access-run.ts'
import { until } from './supervisor-lab.ts'

const site = await siteOfFile()
const json = { 'content-type': 'application/json' }
const headers: Record<string, Readonly<Record<string, string>>> = { nobody: {} }

before(async () => {
  await makeUser(site, 'anna', 'admin')
  for (const role of roles) headers[role] = await makeToken(site, `the-${role}`, role)
})

/** Whether the caller came past the door; what the operation says then is its own business. */
async function letIn({ method, path }: OperationDescription, who: string): Promise<boolean> {
  // Nothing is called so, and no body is sent: what is let in finds nothing to do.
  const asked = path.replaceAll(/\{\w+\}/g, 'nothing')
  const { status, body } = await visit(site, method, asked, { headers: headers[who] ?? {} })
  assert.ok(status < 500, `${method} ${asked} by ${who}: ${status} ${JSON.stringify(body)}`)
  const refusal = who === 'nobody' ? 'not-logged-in' : 'not-allowed'
  return body.reason !== refusal
}

const answers = (): Promise<boolean> =>
  visit(site, 'GET', '/health').then(
    () => true,
    () => false,
  )

for (const id of operationIds) {
  const description: OperationDescription = operations[id]
  test(`${id} is for ${description.role} and above`, async () => {
    const { role } = description
    for (const who of ['nobody', ...roles] as const) {
      const may = role === 'nobody' || (who !== 'nobody' && mayAct(who, role))
      assert.equal(await letIn(description, who), may, who)
    }
    // The web process starts again with it.
    if (id === 'renewCertificate') await until('the page is back', answers, isThere => isThere)
  })
}

test('a token is shown once and kept as a hash', async () => {
  const made = await visit(site, 'POST', '/api/v1/tokens', {
    headers: headers.admin ?? {},
    body: { token: 'monitor', role: 'viewer', expires: '2999-01-01T00:00:00Z' },
  })
  assert.match(String(made.body.secret), /^diarch_[\w-]{43}$/)
  const listed = await onBox(site, 'GET', '/api/v1/tokens')
  assert.deepEqual((listed.body.tokens as readonly unknown[]).at(-1), {
    token: 'monitor',
    role: 'viewer',
    expires: '2999-01-01T00:00:00Z',
  })
  const again = await onBox(site, 'POST', '/api/v1/tokens', { token: 'monitor', role: 'admin' })
  assert.deepEqual([again.status, again.body.reason], [409, 'token-exists'])
})

test('a token that is over, wrong or removed is nobody', async () => {
  const body = { token: 'old', role: 'admin', expires: '2020-01-01T00:00:00Z' }
  const old = await onBox(site, 'POST', '/api/v1/tokens', body)
  const gone = await makeToken(site, 'gone', 'admin')
  assert.equal((await visit(site, 'GET', '/api/v1/users', { headers: gone })).status, 200)
  assert.equal((await onBox(site, 'DELETE', '/api/v1/tokens/gone')).status, 200)
  for (const authorization of [
    `Bearer ${old.body.secret}`,
    gone.authorization,
    'Bearer diarch_x',
    'Bearer',
    'Basic YW5uYTpjb3JyZWN0IGhvcnNl',
    '\xff',
  ]) {
    const refused = await visit(site, 'GET', '/api/v1/users', { headers: { authorization } })
    assert.deepEqual([refused.status, refused.body.reason], [401, 'not-logged-in'], authorization)
    assert.match(String(refused.headers['www-authenticate']), /^Bearer /)
  }
})

test('who ends while his request is on its way is nobody when it is whole', async () => {
  const headers = await makeToken(site, 'slow', 'admin')
  const socketPath = join(site.runDir, 'web.sock')
  const text = JSON.stringify({ role: 'admin', password: 'of an intruder' })
  const asking = request({
    socketPath,
    method: 'PUT',
    path: '/api/v1/users/mallory',
    // It says that it has seen these headers before the rest is sent.
    headers: { ...headers, expect: '100-continue', 'content-length': text.length },
  })
  asking.flushHeaders()
  await once(asking, 'continue')
  assert.equal((await onBox(site, 'DELETE', '/api/v1/tokens/slow')).status, 200)
  asking.end(text)
  const [answer] = await once(asking, 'response')
  assert.equal(answer.statusCode, 401)
  answer.resume()
})

test('who is removed while his change waits for others has no turn any more', async () => {
  const headers = { ...(await makeToken(site, 'queued', 'admin')), ...json }
  const changes = '/api/v1/configuration/changes'
  // A password is hashed in its turn: the other two wait meanwhile.
  const value = { role: 'viewer', password: 'takes a while' }
  const slow = onBox(site, 'POST', changes, {
    patch: [{ op: 'add', path: '/cluster/users/sleepy', value }],
  })
  const removed = onBox(site, 'DELETE', '/api/v1/tokens/queued')
  const socketPath = join(site.runDir, 'web.sock')
  const asking = request({ socketPath, method: 'POST', path: changes, headers })
  asking.end(JSON.stringify({ patch: [{ op: 'remove', path: '/cluster/users/sleepy' }] }))
  const [answer] = await once(asking, 'response')
  const late = JSON.parse(Buffer.concat(await answer.toArray()).toString())
  assert.equal((await slow).status, 200)
  const { revision } = (await removed).body as { readonly revision: { readonly number: number } }
  // Nobody can say who comes first; but nothing of his stands on what removed him.
  if (answer.statusCode === 200) assert.ok(late.revision.number < revision.number)
  else assert.deepEqual([answer.statusCode, late.reason], [401, 'not-logged-in'])
})

test('a stream ends when its token becomes another one of the same name', async () => {
  const headers = await makeToken(site, 'wall', 'viewer')
  const asking = request({
    socketPath: join(site.runDir, 'web.sock'),
    path: '/api/v1/status/stream',
    headers,
  })
  asking.end()
  const [answer] = await once(asking, 'response')
  const ended = new Promise(resolve => answer.resume().on('error', resolve))
  const secret = `sha256:${'0'.repeat(64)}`
  const patch = [{ op: 'replace', path: '/cluster/tokens/wall/secret', value: secret }]
  const changed = await onBox(site, 'POST', '/api/v1/configuration/changes', { patch })
  assert.equal(changed.status, 200, JSON.stringify(changed.body))
  const late = AbortSignal.timeout(10_000)
  await Promise.race([ended, once(late, 'abort').then(() => assert.fail('it goes on'))])
})
