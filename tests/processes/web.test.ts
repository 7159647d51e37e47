import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { connect } from 'node:tls'
import {
  ask,
  startWeb,
  statusOf,
  stopWeb,
  until,
  webEnv,
  webMain,
  webOfFile,
} from './web-process.ts'

const { web, folders } = await webOfFile()

test('before the supervisor speaks the state is unknown; probes are answered', async () => {
  const answer = await ask(web, '/api/v1/public')
  assert.equal(answer.status, 503)
  assert.equal(answer.headers['content-type'], 'application/problem+json; charset=utf-8')
  assert.equal(JSON.parse(answer.body).detail, 'The supervisor has not said anything yet.')
  const health = await ask(web, '/health')
  assert.deepEqual([health.status, health.body], [200, 'ok'])
})

test('the public document holds these seven things and no more', async () => {
  web.tell({
    kind: 'status',
    status: statusOf({ alarms: [{ reason: 'x', message: 'secret', since: '' }] }),
  })
  await until('a status', async () => (await ask(web, '/api/v1/public')).status === 200)
  const { body, headers } = await ask(web, '/api/v1/public')
  assert.deepEqual(JSON.parse(body), {
    product: 'Diarch',
    version: '0.1.0',
    hostname: 'edge-north',
    slot: 'a',
    health: 'ok',
    alarms: 1,
    uptimeSeconds: 3661,
  })
  assert.equal(headers['cache-control'], 'no-store')
})

test('every answer carries the strict headers, whatever it is', async () => {
  for (const path of ['/', '/nothing', '/api/nothing', '/health', '/api/v1/public']) {
    const { headers } = await ask(web, path)
    assert.equal(
      headers['content-security-policy'],
      "default-src 'self';object-src 'none';base-uri 'none';form-action 'none';" +
        "frame-ancestors 'none';require-trusted-types-for 'script'",
      path,
    )
    assert.equal(headers['x-content-type-options'], 'nosniff', path)
    assert.equal(headers['x-frame-options'], 'DENY', path)
    assert.equal(headers['referrer-policy'], 'no-referrer', path)
    assert.equal(headers['x-powered-by'], undefined, path)
    assert.equal(headers['strict-transport-security'], undefined, path)
  }
})

test('the page may be asked again each time, its named files are kept', async () => {
  const page = await ask(web, '/')
  assert.equal(page.status, 200)
  assert.equal(page.headers['cache-control'], 'no-cache')
  const again = await ask(web, '/', { headers: { 'If-None-Match': page.headers.etag } })
  assert.deepEqual([again.status, again.body], [304, ''])
  const assets = [...page.body.matchAll(/"(\/assets\/[^"]+)"/g)].map(match => match[1]!)
  assert.equal(assets.length, 3)
  for (const path of assets) {
    const asset = await ask(web, path)
    assert.equal(asset.status, 200, path)
    assert.equal(asset.headers['cache-control'], 'public, max-age=31536000, immutable')
  }
  assert.doesNotMatch(page.body, /<style|style=|<script(?! type="module" src)/)
})

test('what is not there: a problem under /api, elsewhere a page', async () => {
  const api = await ask(web, '/api/v2/processes')
  assert.equal(api.status, 404)
  assert.equal(api.headers['content-type'], 'application/problem+json; charset=utf-8')
  for (const path of ['/nothing', '/index.html/', '/..%2frelease', '/../release', '/%ff']) {
    const answer = await ask(web, path)
    assert.ok([400, 404].includes(answer.status), `${path} got ${answer.status}`)
    assert.doesNotMatch(answer.body, /VERSION|at .*\.ts:/)
  }
})

test('nothing but reading is allowed', async () => {
  for (const method of ['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE']) {
    for (const path of ['/', '/api/v1/public']) {
      const answer = await ask(web, path, { method })
      assert.equal(answer.status, 405, `${method} ${path}`)
      assert.equal(answer.headers.allow, 'GET, HEAD')
      assert.equal(JSON.parse(answer.body).status, 405)
    }
  }
  const head = await ask(web, '/', { method: 'HEAD' })
  assert.deepEqual([head.status, head.body], [200, ''])
})

test('a request that brings content or long headers is refused', async () => {
  const content = await ask(web, '/', { headers: { 'Content-Length': '3' } }, 'abc')
  assert.equal(content.status, 413)
  const long = await ask(web, '/', { headers: { 'X-Long': 'x'.repeat(9000) } })
  assert.equal(long.status, 431)
})

test('TLS 1.2 is the oldest that is spoken', async () => {
  const handshake = (version: 'TLSv1.1' | 'TLSv1.2' | 'TLSv1.3') =>
    new Promise<string>(resolve => {
      const socket = connect(
        {
          port: web.port,
          host: '127.0.0.1',
          minVersion: version,
          maxVersion: version,
          // OpenSSL itself refuses to offer 1.1 at its usual security level.
          ciphers: 'DEFAULT:@SECLEVEL=0',
          rejectUnauthorized: false,
        },
        () => {
          resolve(socket.getProtocol() ?? 'none')
          socket.destroy()
        },
      )
      socket.on('error', error => resolve((error as NodeJS.ErrnoException).code ?? error.message))
    })
  assert.equal(await handshake('TLSv1.1'), 'ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION')
  assert.equal(await handshake('TLSv1.2'), 'TLSv1.2')
  assert.equal(await handshake('TLSv1.3'), 'TLSv1.3')
})

test('it says that it is alive, with the lag of its event loop', async () => {
  await until('two beats', () => web.messages.filter(m => m.kind === 'alive').length >= 2)
  for (const message of web.messages) {
    if (message.kind === 'alive') assert.ok(message.lagMs >= 0 && message.lagMs < 30_000)
  }
})

test('it stops when it is told to', async () => {
  const other = await startWeb(folders)
  assert.equal(await stopWeb(other), 0)
})

test('it ends when its parent is killed', async () => {
  const parent = spawn(
    process.execPath,
    [
      '--input-type=module',
      '--eval',
      "import { fork } from 'node:child_process';" +
        `const child = fork(${JSON.stringify(webMain)}, { execArgv: [], silent: true });` +
        "child.on('message', m => m.kind === 'ready' && console.log(child.pid))",
    ],
    { env: webEnv(folders), stdio: ['ignore', 'pipe', 'inherit'] },
  )
  let output = ''
  parent.stdout.on('data', chunk => {
    output += chunk
  })
  await until('the child to be ready', () => output.includes('\n'))
  const pid = Number(output)
  assert.ok(isRunning(pid))
  parent.kill('SIGKILL')
  try {
    await until('the child to be gone', () => !isRunning(pid), 10_000)
  } finally {
    if (isRunning(pid)) process.kill(pid, 'SIGKILL')
  }
})

function isRunning(pid: number): boolean {
  try {
    // A dead process whose new parent has not asked yet is a zombie.
    return !/\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'))
  } catch {
    return false
  }
}

test('a port that cannot be had is named, with what to do', async () => {
  const taken = await refusal(webEnv(folders, web.port), true)
  assert.equal(
    taken,
    `1 web cannot start: port ${web.port} is in use by another program: stop it, or choose ` +
      'another with "diarch run --web-port NUMBER"',
  )
})

test('without settings, or without a supervisor, it says what is missing', async () => {
  assert.equal(
    await refusal(webEnv(folders), false),
    '1 web cannot start: web is started by the supervisor: there is no IPC channel to it here',
  )
  assert.equal(
    await refusal({ ...webEnv(folders), DIARCH_WEB_PORT: '99999' }, true),
    '1 web cannot start: DIARCH_WEB_PORT is "99999"; expected a whole number from 0 to 65535',
  )
  assert.equal(
    await refusal({ ...webEnv(folders), DIARCH_STATE: '' }, true),
    '1 web cannot start: DIARCH_STATE is ""; expected an absolute path',
  )
  assert.equal(
    await refusal({ ...webEnv(folders), DIARCH_RUN: 'run' }, true),
    '1 web cannot start: DIARCH_RUN is "run"; expected an absolute path',
  )
})

/** The exit code and the last words of a web process that does not come up. */
async function refusal(env: NodeJS.ProcessEnv, ipc: boolean): Promise<string> {
  const child = spawn(process.execPath, [webMain], {
    env,
    stdio: ['ignore', 'ignore', 'pipe', ...(ipc ? (['ipc'] as const) : [])],
  })
  let stderr = ''
  child.stderr?.on('data', chunk => {
    stderr += chunk
  })
  const code = await new Promise(resolve => child.on('close', resolve))
  return `${code} ${stderr.trim()}`
}
