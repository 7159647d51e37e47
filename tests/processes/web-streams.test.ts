import assert from 'node:assert/strict'
import type { ClientRequest } from 'node:http'
import { get } from 'node:https'
import { test } from 'node:test'
import type { PublicStatus } from '../../appliance/status/public-status.ts'
import { ask, statusOf, stopWeb, until, webOfFile } from './web-process.ts'

const { web } = await webOfFile()
web.tell({ kind: 'status', status: statusOf() })
const open = new Set<Follower>()

type Follower = { readonly request: ClientRequest; readonly events: PublicStatus[]; ended: boolean }

/** Follows the stream from an address of the loopback net; resolves with the answer's status. */
function follow(localAddress: string): Promise<Follower & { readonly status: number }> {
  return new Promise((resolve, reject) => {
    const request = get(
      {
        host: '127.0.0.1',
        localAddress,
        port: web.port,
        path: '/api/v1/public/stream',
        agent: false,
        rejectUnauthorized: false,
      },
      response => {
        const follower = { request, events: [], ended: false, status: response.statusCode ?? 0 }
        const { events }: { events: PublicStatus[] } = follower
        let text = ''
        response.setEncoding('utf8')
        response.on('data', part => {
          text += part
          for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
            const data = /^data: (.*)$/.exec(text.slice(0, end))?.[1]
            if (data !== undefined) events.push(JSON.parse(data))
            text = text.slice(end + 2)
          }
        })
        response.on('close', () => {
          follower.ended = true
          open.delete(follower)
        })
        open.add(follower)
        resolve(follower)
      },
    )
    request.on('error', reject)
  })
}

async function closeAll() {
  for (const follower of open) follower.request.destroy()
  // The server has noticed when ten streams of one address fit in again, so ask for the room.
  await until('the streams to be closed', async () => {
    const probe = await follow('127.0.0.1')
    probe.request.destroy()
    return probe.status === 200
  })
}

test('a stream begins with what is, and a change arrives', async () => {
  const follower = await follow('127.0.0.1')
  await until('the first event', () => follower.events.length === 1)
  assert.equal(follower.events[0]?.health, 'ok')
  const alarm = { reason: 'x', message: 'y', since: '' }
  web.tell({
    kind: 'status',
    status: statusOf({ health: { state: 'degraded', since: '', why: '' }, alarms: [alarm] }),
  })
  await until('the change', () => follower.events.at(-1)?.health === 'degraded')
  assert.equal(follower.events.at(-1)?.alarms, 1)
  await closeAll()
})

test('many changes become one event a second, and the last one counts', async () => {
  const follower = await follow('127.0.0.1')
  await until('the first event', () => follower.events.length === 1)
  const began = performance.now()
  for (let version = 1; version <= 40; version++) {
    web.tell({ kind: 'status', status: statusOf({ version: `0.0.${version}` }) })
    await new Promise(resolve => setTimeout(resolve, 50))
  }
  await until('the last change', () => follower.events.at(-1)?.version === '0.0.40')
  const seconds = (performance.now() - began) / 1000
  assert.ok(
    follower.events.length - 1 <= Math.floor(seconds) + 1,
    `${follower.events.length} events in ${seconds} s`,
  )
  await closeAll()
})

test('no news is sent after five seconds, when the supervisor speaks', async () => {
  const follower = await follow('127.0.0.1')
  await until('the first event', () => follower.events.length === 1)
  await new Promise(resolve => setTimeout(resolve, 6000))
  assert.equal(follower.events.length, 1, 'the supervisor was silent, so was the stream')
  web.tell({ kind: 'status', status: statusOf({ version: '0.0.40', uptimeSeconds: 5000 }) })
  await until('an event', () => follower.events.length === 2)
  await new Promise(resolve => setTimeout(resolve, 2000))
  web.tell({ kind: 'status', status: statusOf({ version: '0.0.40', uptimeSeconds: 5001 }) })
  await new Promise(resolve => setTimeout(resolve, 500))
  assert.equal(follower.events.length, 2, 'only the uptime was new')
  await closeAll()
})

test('one address gets ten streams, all together fifty, and then a problem', async () => {
  for (let address = 1; address <= 5; address++) {
    for (let n = 0; n < 10; n++) {
      assert.equal((await follow(`127.0.0.${address}`)).status, 200)
    }
    const eleventh = await ask(web, '/api/v1/public/stream', {
      localAddress: `127.0.0.${address}`,
    })
    assert.equal(eleventh.status, 503)
    assert.equal(eleventh.headers['content-type'], 'application/problem+json; charset=utf-8')
    assert.equal(eleventh.headers['retry-after'], '10')
  }
  const other = await ask(web, '/api/v1/public/stream', { localAddress: '127.0.0.6' })
  assert.equal(other.status, 503)
  assert.equal((await ask(web, '/health', { localAddress: '127.0.0.6' })).status, 200)
  await closeAll()
})

test('an old state is not given out as if it were the present one', async () => {
  assert.equal((await ask(web, '/api/v1/public')).status, 200)
  await until(
    'the state to be too old',
    async () => (await ask(web, '/api/v1/public')).status === 503,
    25_000,
  )
  assert.match((await ask(web, '/api/v1/public')).body, /silent for 1\d seconds/)
  const follower = await follow('127.0.0.1')
  web.tell({ kind: 'status', status: statusOf({ version: '9.9.9' }) })
  await until('the new word', () => follower.events.length > 0)
  assert.deepEqual(
    follower.events.map(event => event.version),
    ['9.9.9'],
  )
})

test('streams end when the process is told to stop', async () => {
  const follower = await follow('127.0.0.1')
  assert.equal(await stopWeb(web), 0)
  await until('the stream to end', () => follower.ended)
})
