import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mkdirSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { connect as connectTcp, type Socket } from 'node:net'
import { join } from 'node:path'
import { test } from 'node:test'
import { connect as connectTls } from 'node:tls'
import { ask, until, webOfFile } from './web-process.ts'

const { web, folders } = await webOfFile()

/** Resolves with the seconds that passed until the server closed it. */
const closed = (socket: Socket): Promise<number> =>
  new Promise(resolve => {
    const began = performance.now()
    socket.on('error', () => {})
    socket.on('close', () => resolve((performance.now() - began) / 1000))
    socket.resume()
  })

const tcp = () => connectTcp(web.port, '127.0.0.1')
const tls = (first: string) => {
  const socket = connectTls(
    { port: web.port, host: '127.0.0.1', rejectUnauthorized: false },
    () => void socket.write(first),
  )
  return socket
}

const dripping = (first: string, drop: string): Socket => {
  const socket = tls(first)
  const drip = setInterval(() => socket.write(drop), 1000)
  socket.on('close', () => clearInterval(drip))
  socket.on('error', () => {})
  return socket
}

/** One that reads what it is sent, and answers nothing before its end. */
async function supervisorThatWaits(): Promise<Server> {
  mkdirSync(folders.run, { recursive: true })
  const server = createServer((asked, response) => {
    asked.resume().on('end', () => response.end('{}'))
  })
  await once(server.listen(join(folders.run, 'web.sock')), 'listening')
  return server
}

test('who begins and does not go on is shown out', async () => {
  const supervisor = await supervisorThatWaits()
  const slow = dripping('GET / HTTP/1.1\r\nHost: x\r\n', 'X-A: b\r\n')
  const head = (path: string) => `POST ${path} HTTP/1.1\r\nHost: x\r\nContent-Length: 999\r\n\r\n`
  // A slot has 230 MB, and a line may be slow.
  const upgrade = dripping(head('/api/v1/upgrade'), 'x')
  const seconds = await Promise.all([
    closed(tcp()),
    closed(tls('')),
    closed(tls('GET / HTTP/1.1\r\nHost: x\r\n')),
    closed(slow),
    closed(dripping(head('/api/v1/session'), 'x')),
  ])
  const expected = ['no handshake', 'no request', 'half a request', 'a drop each second', 'a body']
  for (const [i, name] of expected.entries()) {
    assert.ok(seconds[i]! < 20, `${name}: closed after ${seconds[i]} s`)
  }
  assert.ok(seconds[4]! > 13, `a body has its time: closed after ${seconds[4]} s`)
  assert.equal(upgrade.destroyed, false, 'an upgrade goes on')
  const end = closed(upgrade)
  upgrade.destroy()
  await end
  supervisor.closeAllConnections()
  supervisor.close()
})

test('a crowd of silent connections keeps others out for seconds, not for good', async () => {
  const crowd = Array.from({ length: 300 }, tcp)
  const gone = crowd.map(closed)
  await until('a request to be answered', async () => {
    const answer = await ask(web, '/health').catch(() => null)
    return answer?.body === 'ok'
  })
  await Promise.all(gone)
})

test('garbage and plain HTTP do no harm', async () => {
  for (const bytes of [
    'GET / HTTP/1.1\r\nHost: x\r\n\r\n',
    '\0'.repeat(2000),
    '\x16\x03\x01\xff',
  ]) {
    const socket = tcp()
    socket.end(bytes, 'latin1')
    await closed(socket)
  }
  assert.equal((await ask(web, '/health')).body, 'ok')
})
