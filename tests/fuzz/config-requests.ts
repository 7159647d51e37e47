/** Odd requests to the control API of a real supervisor, in a network of its own. */

import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { Agent, request } from 'node:http'
import { createConnection } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { OperationDescription } from '../../appliance/api/operation.ts'
import { operationIds, operations } from '../../appliance/api/operations.ts'
import { compileNative, tree, until } from '../processes/supervisor-lab.ts'
import { cli } from '../processes/supervisor-run.ts'
import { keepalivedFiles, oddValues } from './config-samples.ts'
import { oddDocument } from './config-trials.ts'
import { Random } from './random.ts'

/** Milliseconds; more for those that wait until all processes have taken something. */
const [longest, longestChange] = [1000, 10_000]

type Request = {
  readonly method: string
  readonly path: string
  readonly body: string
  readonly isStream: boolean
}

type Answer = { readonly status: number; readonly type: string; readonly text: string }

/** Milliseconds that the slowest of them took. */
export async function fuzzRequests(
  seed: number,
  requests: number,
  add: (outcome: string) => void,
): Promise<number> {
  if (process.getuid?.() !== 0) throw new Error('--requests needs root, for a network of its own')
  compileNative()
  const folder = mkdtempSync(join(tmpdir(), 'diarch-fuzz-'))
  const shell = 'mount -t sysfs sysfs /sys && ip link set lo up && exec "$@"'
  const node = [process.execPath, cli, 'run', '--state', folder, '--run', join(folder, 'run')]
  const args = ['--net', '--mount', 'sh', '-c', shell, 'sh', ...node, '--web-port', '0']
  const supervisor = spawn('unshare', args, { cwd: tree, stdio: 'ignore' })
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  try {
    const socketPath = join(folder, 'run/control.sock')
    const up = { method: 'GET', path: '/api/v1/status', body: '', isStream: false }
    const isUp = () => ask(socketPath, agent, up).then(({ status }) => status === 200)
    await until(
      'the supervisor answers',
      () => isUp().catch(() => false),
      answers => answers,
    )
    let slowest = 0
    for (let index = 0; index < requests; index++) {
      slowest = Math.max(slowest, await tryOne(socketPath, agent, seed, index, add))
    }
    assert.ok(await isUp())
    assert.equal(supervisor.exitCode, null)
    return slowest
  } finally {
    agent.destroy()
    supervisor.kill('SIGTERM')
    const late = setTimeout(() => supervisor.kill('SIGKILL'), 15_000)
    if (supervisor.exitCode === null) await once(supervisor, 'exit')
    clearTimeout(late)
    rmSync(folder, { recursive: true, force: true })
  }
}

async function tryOne(
  socketPath: string,
  agent: Agent,
  seed: number,
  index: number,
  add: (outcome: string) => void,
): Promise<number> {
  const random = new Random(seed ^ Math.imul(index, 0x9e3779b1))
  if (random.chance(2)) {
    await sendBytes(socketPath, random)
    add('request: not HTTP')
    return 0
  }
  const made = oddRequest(random)
  const began = performance.now()
  try {
    const { status, type, text } = await ask(socketPath, agent, made)
    const took = performance.now() - began
    assert.ok(status < 500, `${status} ${text}`)
    const most = waits.test(made.path) ? longestChange : longest
    assert.ok(took <= most, `it took ${Math.round(took)} ms`)
    if (status >= 400) {
      assert.equal(type, 'application/problem+json')
      if (made.method !== 'HEAD') assert.equal(typeof JSON.parse(text).reason, 'string', text)
    }
    add(`request: ${status}`)
    return took
  } catch (error) {
    const { method, path, body } = made
    console.error(`request ${index} of seed ${seed}: ${method} ${path} ${body.slice(0, 2000)}`)
    throw error
  }
}

function ask(socketPath: string, agent: Agent, asked: Request): Promise<Answer> {
  const { method, path, body, isStream } = asked
  return new Promise((resolve, reject) => {
    // Else Node sends the body of a GET as if it were another request.
    const headers = { 'Content-Length': Buffer.byteLength(body) }
    const asking = request({ socketPath, agent, method, path, headers }, response => {
      const { statusCode: status = 0 } = response
      const type = response.headers['content-type'] ?? ''
      let text = ''
      response.setEncoding('utf8').on('data', part => {
        text += part
      })
      response.on('end', () => resolve({ status, type, text }))
      if (!isStream || status !== 200) return
      resolve({ status, type, text })
      asking.destroy()
    })
    asking.setTimeout(2 * longestChange, () => asking.destroy(new Error('there is no answer')))
    asking.on('error', reject)
    asking.end(body)
  })
}

async function sendBytes(socketPath: string, random: Random): Promise<void> {
  const socket = createConnection(socketPath)
  socket.on('error', () => {})
  socket.resume()
  socket.end(random.bytes(random.below(300)))
  await once(socket, 'close')
}

const waits = new RegExp(
  '/(changes|confirmation|trial|reload|heard|code|join|discovery|capture|ping|test|support|' +
    'import|export)(\\?|$)',
)

/** They listen for seconds, or start a process or a thread: a few of them are enough. */
const slow: ReadonlySet<string> = new Set([
  'hearRouters',
  'showPairingCode',
  'joinPair',
  'discoverPairs',
  'captureFrames',
  'pingAddress',
  'makeSupportBundle',
  'makeBackup',
  'renewCertificate',
  'importKeepalived',
  'exportConfiguration',
])

const names = ['VI_1', 'web', 'a', 'web1', '1', '0', '99', 'none', 'vrrpd', 'supervisor', 'x%3A80']

function oddRequest(random: Random): Request {
  const picked = random.oneOf(operationIds)
  const id = slow.has(picked) && !random.chance(2) ? 'getStatus' : picked
  const { method, path, body, query, answer }: OperationDescription = operations[id]
  const filled = path.replaceAll(/\{\w+\}/g, () =>
    random.chance(90) ? random.oneOf(names) : oddName(random),
  )
  const asked = Object.keys(query)
  const key = random.chance(90) && asked.length > 0 ? random.oneOf(asked) : 'x'
  const end = random.chance(30) ? `?${key}=${oddName(random)}` : ''
  return {
    method: random.chance(95) ? method : random.oneOf(['GET', 'POST', 'PUT', 'DELETE', 'HEAD']),
    path: random.chance(97) ? `${filled}${end}` : `/${oddName(random)}${filled}`,
    body: body === null && random.chance(90) ? '' : oddBody(random, id),
    isStream: answer.kind === 'stream',
  }
}

const oddName = (random: Random): string => encodeURIComponent(text(random).replace('\ud800', ''))

const text = (random: Random): string => String(random.oneOf(oddValues))

function oddBody(random: Random, id: string): string {
  if (random.chance(5)) return text(random)
  if (random.chance(5)) return JSON.stringify(random.oneOf(oddValues)) ?? ''
  const body = bodyOf(random, id) as Record<string, unknown>
  if (random.chance(20)) body[random.oneOf([...Object.keys(body), 'x'])] = random.oneOf(oddValues)
  return JSON.stringify(body)
}

function bodyOf(random: Random, id: string): object {
  switch (id) {
    case 'changeConfiguration':
      return { ...change(random), ...(random.chance(80) && { dryRun: true }) }
    case 'importKeepalived':
      return { text: random.oneOf(keepalivedFiles), peer: random.oneOf(keepalivedFiles) }
    case 'exportConfiguration':
      return { format: random.oneOf(['json', 'keepalived', 'ipvsadm', 'x']), secrets: true }
    case 'overrideServer':
      return { state: random.oneOf(['drain', 'disabled', null]), weight: random.below(9) }
    default:
      return { name: random.oneOf(names), role: 'viewer', password: 'x', within: '1m' }
  }
}

function change(random: Random): object {
  const parent = random.chance(50) ? {} : { parent: random.below(4) }
  switch (random.below(3)) {
    case 0:
      return { ...parent, document: oddDocument(random, random.below(3)) }
    case 1:
      return { ...parent, revision: random.below(5) }
    default:
      return { ...parent, patch: Array.from({ length: 1 + random.below(3) }, () => step(random)) }
  }
}

const pointers = [
  ...['', '/', '/cluster', '/cluster/services', '/cluster/services/web', '/cluster/routers/VI_1'],
  ...[
    '/cluster/services/web/scheduler',
    '/cluster/services/web/servers/a/weight',
    '/schemaVersion',
  ],
  ...[
    '/cluster/services/web/virtual/0',
    '/cluster/services/web/virtual/-',
    '/__proto__/x',
    '/a~2b',
  ],
  ...['/constructor/prototype/x', '/cluster/checks/a~1b', 'cluster', '/node/routers', '/0/0/0'],
]

const step = (random: Random): object => ({
  op: random.oneOf(['add', 'replace', 'remove', 'test', 'move']),
  path: random.oneOf(pointers),
  value: random.chance(50) ? random.oneOf(oddValues) : 'wlc',
})
