import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { connect } from 'node:tls'
import { makeToken, makeUser, onBox, type Said, siteOfFile, visit } from './access-run.ts'

const site = await siteOfFile()
let admin: Readonly<Record<string, string>> = {}

before(async () => {
  await makeUser(site, 'anna', 'admin')
  admin = await makeToken(site, 'admin', 'admin')
})

const isRefused = ({ status, headers, body }: Said, what: string) => {
  assert.ok(status >= 400 && status < 500, `${what}: ${status} ${JSON.stringify(body)}`)
  assert.match(headers['content-type'] ?? '', /^application\/problem\+json/, what)
  assert.match(String(body.reason), /^[a-z-]+$/, what)
}

const bodies: readonly (string | Buffer)[] = [
  '',
  'null',
  '[]',
  '"text"',
  '{',
  '{"user":1,"password":{}}',
  '{"user":"anna"}',
  '{"user":"anna","password":"x","more":1}',
  `{"user":"${'x'.repeat(300)}","password":"x"}`,
  '{"__proto__":{"role":"admin"},"constructor":1}',
  '{"role":"root"}',
  '{"role":"viewer","password":"short"}',
  '{"token":"../../x","role":"viewer"}',
  '{"token":"t","role":"viewer","expires":"tomorrow"}',
  '{"patch":[{"op":"add","path":"/__proto__/x","value":1}]}',
  '{"patch":[{"op":"add","path":"/cluster/users/constructor/prototype","value":1}]}',
  '{"document":[]}',
  '\0\x01\x02',
  Buffer.from([0xff, 0xfe, 0x80, 0x80]),
  '['.repeat(20_000),
  `"${'x'.repeat(70_000)}"`,
]

test('bodies that are not what an operation takes', async () => {
  for (const [method, path] of [
    ['POST', '/api/v1/session'],
    ['PUT', '/api/v1/users/anna'],
    ['PUT', '/api/v1/users/__proto__'],
    ['POST', '/api/v1/tokens'],
    ['POST', '/api/v1/configuration/changes'],
  ] as const) {
    for (const content of bodies) {
      const said = await visit(site, method, path, { headers: admin, content })
      isRefused(said, `${method} ${path} ${content.toString('latin1').slice(0, 60)}`)
    }
  }
})

test('paths and headers that nobody sends', async () => {
  for (const path of [
    '/api/v1/',
    '/api/v1/users/',
    '/api/v1/users/%00',
    '/api/v1/users/a%2fb',
    '/api/v1/users/..%2f..',
    '/api/v1/../v1/users',
    '/api/v1//users',
    '/api/v1/users?x=1',
    '/api/v1/users?__proto__=1&a[b]=c',
    '/api/v1/%ff',
    `/api/v1/users/${'x'.repeat(5000)}`,
  ]) {
    isRefused(await visit(site, 'GET', path, { headers: admin }), path)
  }
  // That is no HTTP at all (RFC 9110 4.1), so it does not come as far as to us.
  assert.equal((await visit(site, 'GET', '/api/v1/users/\xe4')).status, 400)
  for (const headers of [
    { cookie: '__Host-diarch-1=;;;=;;' },
    { cookie: `__Host-diarch-${site.port}=` },
    { cookie: `__Host-diarch-${site.port}=${'x'.repeat(5000)}` },
    { cookie: `__Host-diarch-${site.port}=__proto__` },
    { authorization: `Bearer ${'x'.repeat(5000)}` },
    { host: '', cookie: 'a=b' },
    { host: 'a:b:c', origin: '://' },
    { 'x-diarch-client': '127.0.0.1', 'x-diarch-user': 'root' },
  ]) {
    isRefused(await visit(site, 'GET', '/api/v1/users', { headers }), JSON.stringify(headers))
  }
  for (const method of ['PATCH', 'OPTIONS', 'TRACE', 'PROPFIND']) {
    isRefused(await visit(site, method, '/api/v1/users', { headers: admin }), method)
  }
})

test('more than any operation takes is refused, announced or not, whoever sends it', async () => {
  const content = Buffer.alloc(18 * 1024 * 1024, 'x')
  const path = '/api/v1/configuration/changes'
  const length = { 'content-length': String(content.length) }
  const announced = await visit(site, 'POST', path, { headers: { ...admin, ...length } }).catch(
    () => null,
  )
  assert.ok(announced === null || announced.status === 413)
  for (const [size, headers, status] of [
    [18 * 1024 * 1024, admin, 413],
    [1024 * 1024, {}, 401],
  ] as const) {
    const chunked = { ...headers, 'transfer-encoding': 'chunked' }
    const said = await visit(site, 'POST', path, {
      headers: chunked,
      content: content.subarray(0, size),
    })
    assert.equal(said.status, status, JSON.stringify(said.body))
  }
  const login = await visit(site, 'POST', '/api/v1/session', {
    content: content.subarray(0, 200_000),
  })
  assert.deepEqual([login.status, login.body.reason], [413, 'body-too-large'])
})

test('who sends half a request and waits holds up nobody else', async () => {
  const slow = Array.from({ length: 30 }, () => {
    const socket = connect({ host: '127.0.0.1', port: site.port, rejectUnauthorized: false })
    socket.on('error', () => {})
    socket.write('POST /api/v1/session HTTP/1.1\r\nHost: x\r\nContent-Length: 50\r\n\r\n{')
    return socket.resume()
  })
  await Promise.all(
    slow.map(socket => new Promise(resolve => socket.once('secureConnect', resolve))),
  )
  const other = await visit(site, 'GET', '/api/v1/status', { headers: admin, from: '127.0.3.1' })
  assert.equal(other.status, 200)
  for (const socket of slow) socket.destroy()
})

test('a patch of more steps than anybody needs keeps the supervisor busy for no time', async () => {
  const steps = (count: number) =>
    Array.from({ length: count }, (_, n) => ({ op: 'add', path: `/cluster/x${n}`, value: 1 }))
  const ask = (count: number) =>
    onBox(site, 'POST', '/api/v1/configuration/changes', { patch: steps(count) })
  const many = await ask(20_000)
  assert.deepEqual([many.status, many.body.reason], [422, 'body-refused'])
  assert.match(
    String(many.body.detail),
    /patch is \(a list of 20000\), expected at most 1000 steps/,
  )
  assert.equal((await ask(1000)).body.reason, 'configuration-refused')
})

test('after all this the box is what it was', async () => {
  const { body } = await onBox(site, 'GET', '/api/v1/users')
  assert.deepEqual(body, { users: [{ user: 'anna', role: 'admin' }] })
})
