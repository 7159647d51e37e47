import assert from 'node:assert/strict'
import { connect as connectTcp, type Socket } from 'node:net'
import { test } from 'node:test'
import { connect as connectTls } from 'node:tls'
import { ask, until, webOfFile } from './web-process.ts'

const { web } = await webOfFile()

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

test('who begins and does not go on is shown out', async () => {
  const slow = tls('GET / HTTP/1.1\r\nHost: x\r\n')
  const drip = setInterval(() => slow.write('X-A: b\r\n'), 1000)
  slow.on('close', () => clearInterval(drip))
  const seconds = await Promise.all([
    closed(tcp()),
    closed(tls('')),
    closed(tls('GET / HTTP/1.1\r\nHost: x\r\n')),
    closed(slow),
  ])
  const expected = ['no handshake', 'no request', 'half a request', 'a drop each second']
  for (const [i, name] of expected.entries()) {
    assert.ok(seconds[i]! < 20, `${name}: closed after ${seconds[i]} s`)
  }
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
