import assert from 'node:assert/strict'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import type { HttpQuestion, TlsWish } from '../../appliance/health/question.ts'
import { inOwnNetwork } from './own-network.ts'
import {
  anyTls,
  asked,
  blackHoles,
  certificates,
  descriptors,
  fails,
  hole,
  http,
  passes,
  path,
  saying,
  serving,
  target,
  until,
  withServer,
} from './probes-lab.ts'

/** MD5 of the page, as `genhash` and `md5sum` print it. */
const page = 'the page of a server\n'
const pageDigest = '743df4131821dadc17808fb7e39bd842'

const configuration = (folder: string): string => `
daemon off; user root; pid ${folder}/pid; error_log stderr; worker_processes 1;
events {}
http {
  access_log off;
  client_body_temp_path ${folder}/t1; proxy_temp_path ${folder}/t2; fastcgi_temp_path ${folder}/t3;
  uwsgi_temp_path ${folder}/t4; scgi_temp_path ${folder}/t5;
  ssl_certificate ${folder}/good.pem; ssl_certificate_key ${folder}/good.key;
  server {
    listen 8080; listen 8082 http2; listen 8443 ssl; listen 8444 ssl http2;
    server_name usual; root ${folder}/www;
    location = /teapot { return 418 "short and stout"; }
    location = /json { return 200 '{"state":{"a/b":["up",{"n":3}]}}'; }
    location = /method { return 200 "$request_method $http_host $http_x_one $ssl_server_name"; }
    location = /moved { return 302 /elsewhere; }
  }
  server { listen 8080; server_name other.example; location / { return 200 "the other one"; } }
  server {
    listen 8445 ssl;
    ssl_certificate ${folder}/expired.pem; ssl_certificate_key ${folder}/expired.key;
    location / { return 200 "old"; }
  }
}`

inOwnNetwork(import.meta.filename, () => {
  blackHoles()
  const { folder, authority } = certificates()
  mkdirSync(join(folder, 'www'))
  writeFileSync(join(folder, 'www/index.html'), page)
  writeFileSync(join(folder, 'www/big'), Buffer.alloc(3 * 1024 * 1024, 'x'))
  writeFileSync(join(folder, 'nginx.conf'), configuration(folder))
  withServer(['nginx', '-c', join(folder, 'nginx.conf')], 8445)

  const versions = [
    ['1.0', 8080, null],
    ['1.1', 8080, null],
    ['2', 8082, null],
    ['1.1', 8443, anyTls],
    ['2', 8444, anyTls],
  ] as const

  for (const [version, port, tls] of versions) {
    const title = `HTTP/${version}${tls === null ? '' : ' with TLS'}`
    const asking = (more: Partial<HttpQuestion>) => http({ version, tls, ...more })

    test(`${title}: status, body, digest, JSON, several paths`, async () => {
      await passes(asking({}), target(port), /^200.* in [\d.]+ ms$/)
      const all = [
        path('/', { digest: pageDigest, matches: '^the page', matchesNot: 'error' }),
        path('/teapot', {
          statuses: [
            [200, 299],
            [418, 418],
          ],
          matches: 'stout$',
        }),
        path('/json', { json: { pointer: '/state/a~1b/1', equals: { n: 3 } } }),
        path('/moved', { statuses: [[300, 399]] }),
        path('/big', { matches: '^x+$' }),
        path('/big', { digest: 'c1887f0c970afa48194adf7f5c504696' }),
      ]
      await passes(asking({ requests: all }), target(port), /^200.* at the last of 6 paths in/)
    })

    test(`${title}: wrong answers`, async () => {
      const refuses = (request: HttpQuestion['requests'][number], why: RegExp) =>
        fails(asking({ requests: [path('/'), request] }), target(port), 'wrong-answer', why)
      await refuses(path('/none'), /^\/none: 404.*, expected 200-299$/)
      await refuses(path('/moved', { statuses: [[200, 200]] }), /^\/moved: 302.*, expected 200$/)
      await refuses(
        path('/', { digest: '0'.repeat(32) }),
        /digest is 743df4131821dadc17808fb7e39bd842, not 0000/,
      )
      await refuses(path('/', { matches: 'no such' }), /"the page of a server\." does not match/)
      await refuses(path('/', { matchesNot: 'page' }), /^\/: the body matches \/page\/$/)
      await refuses(path('/', { json: { pointer: '', equals: 1 } }), /is no JSON$/)
      const at = { pointer: '/state/a~1b/0', equals: 'down' }
      await refuses(path('/json', { json: at }), /at \/state\/a~1b\/0 is ""up"|is "\.?"?.*up/)
      const none = { pointer: '/state/constructor', equals: 'down' }
      await refuses(path('/json', { json: none }), /is nothing, expected/)
    })

    test(`${title}: method, host, headers, body`, async () => {
      const said = path('/method', { matches: '^POST other name $|^POST other name good.example$' })
      const question = asking({
        method: 'POST',
        host: 'other',
        headers: { 'X-One': 'name' },
        body: 'some words',
        tls: tls === null ? null : { ...anyTls, serverName: 'good.example' },
        requests: [said],
      })
      // nginx answers a POST to `return` as any other.
      await passes(question, target(port), /^200/)
      await passes(asking({ method: 'HEAD', requests: [path('/big')] }), target(port), /^200/)
    })
  }

  test('the host header chooses a server', async () => {
    const requests = [path('/', { matches: '^the other one$' })]
    await passes(http({ host: 'other.example', requests }), target(8080), /^200 OK in/)
  })

  test('HTTP/2 with a server that has only HTTP/1', async () => {
    const tls = http({ version: '2', tls: anyTls })
    await fails(tls, target(8443), 'tls', /no application protocol$/)
    await fails(http({ version: '2' }), target(8080), 'wrong-answer', /broke off HTTP\/2 at \/:/)
  })

  test('certificates', async () => {
    const with_ = (more: Partial<TlsWish>) => http({ tls: { ...anyTls, ...more } })
    const verify = { name: 'good.example', authorities: authority }
    // As a form gives it, which has one line.
    const flat = { ...verify, authorities: authority.replaceAll('\n', '') }
    await passes(with_({ verify: flat }), target(8443), /^200/)
    await passes(with_({ verify }), target(8443), /^200/)
    await passes(with_({ verify: { ...verify, name: '127.0.0.1' } }), target(8443), /^200/)
    await passes(with_({ verify: { ...verify, name: null } }), target(8443), /^200/)
    const name = with_({ verify: { ...verify, name: 'bad.example' } })
    await fails(
      name,
      target(8443),
      'tls',
      /is for good\.example, 127\.0\.0\.1, not for bad\.example/,
    )
    const unknown = with_({ verify: { ...verify, authorities: null } })
    await fails(unknown, target(8443), 'tls', /is signed by nobody that this check knows/)
    await passes(with_({}), target(8445), /^200/)
    await fails(with_({ verify }), target(8445), 'tls', /has expired: .* GMT$/)
    await fails(with_({ leastDaysLeft: 1 }), target(8445), 'tls', /has expired/)
    await passes(with_({ leastDaysLeft: 19 }), target(8443), /^200/)
    await fails(with_({ leastDaysLeft: 21 }), target(8443), 'tls', /expires in 19 days .*; 21 are/)
    await fails(with_({}), target(8080), 'tls', /^no TLS with 127\.0\.0\.1:8080/)
  })

  test('a black hole, a slow one, half an answer', async t => {
    await fails(http(), target(80, hole), 'timeout', /did not take the connection/)
    const silent = await serving(t, socket => socket.resume())
    await fails(http(), target(silent.port), 'timeout', /and said nothing in time/)
    const h2 = http({ version: '2' })
    await fails(h2, target(silent.port), 'timeout', /did not answer \/ over HTTP\/2 in time/)
    const half = await saying(t, 'HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf')
    await fails(
      http(),
      target(half.port),
      'timeout',
      /no more came after \d+ bytes: "HTTP\/1\.1 200/,
    )
    const cut = await serving(t, socket =>
      socket.end('HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf'),
    )
    await fails(http(), target(cut.port), 'closed', /closed the connection after \d+ bytes/)
    const empty = await serving(t, socket => socket.end())
    await fails(http(), target(empty.port), 'closed', /without a word$/)
  })

  test('garbage and answers without an end', async t => {
    const wrong = async (words: string, why: RegExp, question = http()) => {
      const { port } = await saying(t, words)
      await fails(question, target(port), 'wrong-answer', why)
    }
    await wrong('SSH-2.0-server\r\n', /said "SSH-2\.0-server", which is no answer of HTTP\/1/)
    await wrong(`HTTP/1.1 200 ${'x'.repeat(20_000)}`, /sent a line of more than 8192 bytes/)
    await wrong(`HTTP/1.1 200 OK\r\n${'A: b\r\n'.repeat(500)}`, /sent over 128 headers/)
    await wrong('HTTP/1.1 100 C\r\n\r\n'.repeat(100), /only says 1xx/)
    await wrong('HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n', /Content-Length is "-5"/)
    const chunked = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n'
    await wrong(`${chunked}zz\r\n`, /chunk of the body begins with "zz"/)
    await wrong(`${chunked}1\r\nabc\r\n`, /longer than it says/)
    await wrong('HTTP/1.1 200 \u0007\u001b[2J\r\n\r\n', /broke off HTTP\/2/, http({ version: '2' }))
  })

  test('a body without an end: enough is enough', async t => {
    const { port, sockets } = await serving(t, socket => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n')
      // With an error it must not write again: Node would call back for ever.
      const more = (error?: Error | null): void => {
        if (!error) socket.write(Buffer.alloc(64 * 1024, 'x'), more)
      }
      more()
      socket.resume()
    })
    await passes(http(), target(port), /^200 OK/)
    const json = http({ requests: [path('/', { json: { pointer: '', equals: 1 } })] })
    await fails(json, target(port), 'wrong-answer', /body has more than 1048576 bytes/)
    const digest = http({ requests: [path('/', { digest: 'a'.repeat(32) })] })
    await fails(digest, target(port), 'wrong-answer', /body has more than 16777216 bytes/)
    await until('all are closed', () => sockets.size === 0)
  })

  test('nobody writes a request of his own into ours', async () => {
    for (const question of [
      http({ requests: [path('/a b')] }),
      http({ requests: [path('/\r\nX: y')] }),
      http({ headers: { 'X-One': 'a\r\nb' } }),
      http({ host: 'a\nb' }),
    ]) {
      await fails(question, target(8080), 'cannot-ask', /cannot stand in a request/)
    }
  })

  test('nothing stays open, however it ends', async t => {
    const silent = await serving(t, socket => socket.resume())
    await passes(http(), target(8080), /^200/)
    const before = descriptors().length
    const all = versions.flatMap(([version, port, tls]) =>
      [target(port), target(silent.port), target(80, hole)].map(to =>
        asked(http({ version, tls }), to, 300),
      ),
    )
    await Promise.all(all)
    await until('the server has lost all of them', () => silent.sockets.size === 0)
    await until('all are closed here', () => descriptors().length <= before)
    assert.ok(true)
  })
})
