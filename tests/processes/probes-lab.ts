import assert from 'node:assert/strict'
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, readlinkSync, rmSync, writeFileSync } from 'node:fs'
import { connect, createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, type TestContext } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import type { FailureReason, Finding } from '../../appliance/health/check.ts'
import type { HttpQuestion, Question, Target, TlsWish } from '../../appliance/health/question.ts'
import { ask } from '../../appliance/probes/ask.ts'
import { ipAddress } from '../../appliance/values/ip-address.ts'

/** A network of its own: what is sent to 10.9.0.2 vanishes, to 10.8.0.1 there is no way. */
export function blackHoles(): void {
  before(() => {
    const commands = `ip link add hole type veth peer name far && ip link set hole up &&
      ip link set far up && ip addr add 10.9.0.1/24 dev hole &&
      ip neigh add 10.9.0.2 lladdr 02:00:00:00:00:02 dev hole &&
      ip route add unreachable 10.8.0.0/24`
    execFileSync('sh', ['-c', commands])
  })
}

export const target = (port: number | null, more: Partial<Target> = {}): Target => ({
  address: ipAddress('127.0.0.1'),
  port,
  through: null,
  source: null,
  interface: null,
  mark: null,
  ...more,
})

export const hole = { address: ipAddress('10.9.0.2') }
export const nowhere = { address: ipAddress('10.8.0.1') }

export const anyTls: TlsWish = { serverName: null, verify: null, leastDaysLeft: null }

export const http = (more: Partial<HttpQuestion> = {}): HttpQuestion => ({
  kind: 'http',
  tls: null,
  version: '1.1',
  method: 'GET',
  host: null,
  headers: {},
  body: null,
  requests: [path('/')],
  ...more,
})

export const path = (
  name: string,
  more: Partial<HttpQuestion['requests'][number]> = {},
): HttpQuestion['requests'][number] => ({
  path: name,
  statuses: [[200, 299]],
  digest: null,
  matches: null,
  matchesNot: null,
  json: null,
  ...more,
})

/** With a limit as the engine sets it. An answer long after it is a failure of its own. */
export async function asked(question: Question, to: Target, limitMs = 5000): Promise<Finding> {
  const before = performance.now()
  const aborter = new AbortController()
  const timer = setTimeout(() => aborter.abort(), limitMs)
  const finding = await ask(question, to, aborter.signal)
  clearTimeout(timer)
  const took = performance.now() - before
  assert.ok(took < limitMs + 2000, `it took ${took} ms with a limit of ${limitMs}: ${finding.why}`)
  return finding
}

export async function passes(question: Question, to: Target, why: RegExp): Promise<Finding> {
  const finding = await asked(question, to)
  assert.equal(finding.kind, 'passed', finding.why)
  assert.match(finding.why, why)
  return finding
}

/** A failure by time has a short limit. */
export async function fails(
  question: Question,
  to: Target,
  reason: FailureReason,
  why: RegExp,
): Promise<void> {
  const finding = await asked(question, to, reason === 'timeout' ? 300 : 5000)
  assert.equal(finding.kind, 'failed', finding.why)
  assert.match(finding.why, why)
  assert.equal(finding.kind === 'failed' && finding.reason, reason, finding.why)
}

/** A server that does with each connection what the test says; ends with the test. */
export async function serving(
  t: TestContext,
  serve: (socket: Socket) => void,
): Promise<{ readonly port: number; readonly sockets: Set<Socket> }> {
  const sockets = new Set<Socket>()
  const server = createServer({ allowHalfOpen: false }, socket => {
    sockets.add(socket)
    socket.on('error', () => {})
    socket.on('close', () => sockets.delete(socket))
    serve(socket)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  const address = server.address()
  assert.ok(address !== null && typeof address === 'object')
  return { port: address.port, sockets }
}

/** Says something to whoever connects, and leaves the connection open. */
export const saying = (t: TestContext, words: string | Uint8Array) =>
  serving(t, socket => {
    socket.resume()
    socket.write(words)
  })

/** On which nobody listens. */
export async function closedPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  assert.ok(address !== null && typeof address === 'object')
  server.close()
  await once(server, 'close')
  return address.port
}

/** Of this process: its own sockets and pipes among them. */
export const descriptors = (): string[] =>
  readdirSync('/proc/self/fd').flatMap(fd => {
    try {
      return [readlinkSync(`/proc/self/fd/${fd}`)]
    } catch {
      return []
    }
  })

export async function until(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
  const limit = performance.now() + 20_000
  while (!(await holds())) {
    if (performance.now() > limit) assert.fail(`waited 20 s for this: ${what}`)
    await wait(20)
  }
}

export const takesConnections = (port: number): Promise<boolean> =>
  new Promise(resolve => {
    const socket = connect({ port, host: '127.0.0.1' })
    socket.on('connect', () => resolve(true)).on('error', () => resolve(false))
    socket.on('connect', () => socket.destroy())
  })

/** A real server for all tests of the file. Its output is shown when it ends by itself. */
export function withServer(
  command: readonly [string, ...string[]],
  port: number,
  env: NodeJS.ProcessEnv = {},
): void {
  const [program, ...args] = command
  let said = ''
  const child = spawn(program, args, { env: { ...process.env, ...env } })
  let ended = false
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (bytes: Buffer) => {
      said = (said + bytes).slice(-4000)
    })
  }
  child.on('error', error => {
    said += error.message
    ended = true
  })
  child.on('exit', () => {
    ended = true
  })
  before(() =>
    until(`${program} takes connections`, () => {
      assert.ok(!ended, `${program} has ended: ${said}`)
      return takesConnections(port)
    }),
  )
  after(() => {
    child.kill()
  })
}

/** Goes with the tests of the file. */
export function ownFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'probes-'))
  after(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

export type Certificates = {
  readonly folder: string
  readonly authority: string
}

/** `good` and `expired`, both for good.example, of an authority that is made for the test. */
export function certificates(): Certificates {
  const folder = ownFolder()
  const run = (line: string) =>
    execFileSync('openssl', line.split(' '), { cwd: folder, stdio: 'pipe' })
  writeFileSync(join(folder, 'names'), 'subjectAltName=DNS:good.example,IP:127.0.0.1\n')
  const key = '-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes'
  run(`req -x509 ${key} -keyout ca.key -out ca.pem -subj /CN=authority -days 30`)
  for (const [name, days] of [
    ['good', 20],
    ['expired', -1],
  ] as const) {
    run(`req ${key} -keyout ${name}.key -out ${name}.csr -subj /CN=good.example`)
    const sign = `-CA ca.pem -CAkey ca.key -CAcreateserial -extfile names -days ${days}`
    run(`x509 -req -in ${name}.csr -out ${name}.pem ${sign}`)
  }
  return { folder, authority: execFileSync('cat', [join(folder, 'ca.pem')]).toString() }
}
