import assert from 'node:assert/strict'
import { mkdirSync, rmSync } from 'node:fs'
import {
  createServer,
  type IncomingHttpHeaders,
  type OutgoingHttpHeaders,
  type RequestListener,
} from 'node:http'
import { request } from 'node:https'
import { join } from 'node:path'
import { test } from 'node:test'
import { ask, until, webOfFile } from './web-process.ts'

const { web, folders } = await webOfFile()

/** Somebody at the supervisor's end of the way, who does what a test needs of it. */
async function supervisor(listener: RequestListener, during: () => Promise<void>): Promise<void> {
  mkdirSync(folders.run, { recursive: true })
  const path = join(folders.run, 'web.sock')
  const server = createServer(listener)
  await new Promise<void>(resolve => server.listen(path, resolve))
  try {
    await during()
  } finally {
    server.closeAllConnections()
    await new Promise(resolve => server.close(resolve))
    rmSync(path, { force: true })
  }
}

const path = '/api/v1/anything'

test('without a supervisor it is said so, and when to come again', async () => {
  const answer = await ask(web, path)
  assert.deepEqual([answer.status, JSON.parse(answer.body).reason], [503, 'no-supervisor'])
  assert.equal(answer.headers['retry-after'], '5')
})

test('the supervisor hears who asks from us, and nothing that it has no use for', async () => {
  let heard: IncomingHttpHeaders = {}
  const listener: RequestListener = ({ headers }, response) => {
    heard = headers
    response.setHeader('X-Of-The-Supervisor', 'x').end('{}')
  }
  await supervisor(listener, async () => {
    const answer = await ask(web, path, {
      headers: { 'x-diarch-client': '192.0.2.1', 'x-diarch-user': 'root', cookie: 'a=b' },
      localAddress: '127.0.0.5',
    })
    assert.equal(answer.status, 200)
    assert.equal(answer.headers['x-of-the-supervisor'], undefined)
    assert.match(String(answer.headers['content-security-policy']), /^default-src 'self'/)
  })
  assert.match(String(heard['x-diarch-client']), /127\.0\.0\.5$/)
  assert.deepEqual([heard['x-diarch-user'], heard.cookie], [undefined, 'a=b'])
})

test('what Prometheus asks for by itself is an operation of the API', async () => {
  const heard: (string | undefined)[] = []
  const listener: RequestListener = ({ url }, response) => {
    heard.push(url)
    response.end('diarch_info 1')
  }
  await supervisor(listener, async () => {
    assert.equal((await ask(web, '/metrics')).body, 'diarch_info 1')
    await ask(web, '/metrics?names=keepalived')
    assert.equal((await ask(web, '/metrics/x')).status, 404)
  })
  assert.deepEqual(heard, ['/api/v1/metrics', '/api/v1/metrics?names=keepalived'])
})

test('a body goes on as it comes, and ends where it is too long for anything', async () => {
  let bytes = 0
  const listener: RequestListener = (asked, response) => {
    asked.on('error', () => {})
    asked.on('data', part => {
      bytes += part.length
    })
    asked.on('end', () => response.end('{}'))
  }
  await supervisor(listener, async () => {
    const status = new Promise<number | undefined>((resolve, reject) => {
      const asking = request(
        { host: '127.0.0.1', port: web.port, path, method: 'POST', rejectUnauthorized: false },
        response => resolve(response.resume().statusCode),
      )
      asking.on('error', reject)
      asking.write('the beginning')
      void until('the beginning to arrive', () => bytes === 13).then(() => {
        asking.end(Buffer.alloc(18 * 1024 * 1024))
      }, reject)
    })
    assert.equal(await status, 413)
    assert.ok(bytes < 18 * 1024 * 1024)
  })
})

test('a slot may be longer than anything else', async () => {
  let bytes = 0
  const listener: RequestListener = (asked, response) => {
    asked.on('data', part => {
      bytes += part.length
    })
    asked.on('end', () => response.end('{}'))
  }
  await supervisor(listener, async () => {
    const content = 'x'.repeat(18 * 1024 * 1024)
    const sent = await ask(web, '/api/v1/upgrade?unsigned=yes', { method: 'POST' }, content)
    assert.equal(sent.status, 200, sent.body)
  })
  assert.equal(bytes, 18 * 1024 * 1024)
})

test('content is never taken for another request', async () => {
  const heard: string[] = []
  const listener: RequestListener = (asked, response) => {
    heard.push(`${asked.method} ${asked.url} of ${asked.headers['x-diarch-client']}`)
    asked.resume().on('end', () => response.end('{}'))
  }
  const within = 'POST /api/v1/session HTTP/1.1\r\nHost: x\r\nX-Diarch-Client: 192.0.2.1\r\n\r\n'
  const framings: readonly OutgoingHttpHeaders[] = [
    { 'transfer-encoding': 'chunked' },
    { 'content-length': within.length },
  ]
  await supervisor(listener, async () => {
    for (const method of ['DELETE', 'PUT', 'POST']) {
      for (const headers of framings) {
        assert.equal((await ask(web, path, { method, headers }, within)).status, 200)
        assert.equal((await ask(web, path, { method, headers }, within)).status, 200)
      }
    }
  })
  assert.equal(heard.length, 12, heard.join('\n'))
  assert.deepEqual(
    heard.filter(line => line.includes('192.0.2.1')),
    [],
  )
})

test('one address has sixteen answers under way at most', async () => {
  const held = new Set<() => void>()
  const listener: RequestListener = (_, response) => held.add(() => response.end('{}'))
  await supervisor(listener, async () => {
    const waiting = Array.from({ length: 16 }, () => ask(web, path))
    await until('sixteen to wait', () => held.size === 16)
    const more = await ask(web, path)
    assert.deepEqual([more.status, JSON.parse(more.body).reason], [429, 'too-many-requests'])
    const other = ask(web, path, { localAddress: '127.0.0.6' })
    await until('another address to be heard', () => held.size === 17)
    for (const answer of held) answer()
    for (const answer of await Promise.all([...waiting, other])) assert.equal(answer.status, 200)
  })
})
