import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { connect as connectTcp } from 'node:net'
import { test } from 'node:test'
import { connect, type TLSSocket } from 'node:tls'
import { inOwnNetwork } from './own-network.ts'
import { until, webOfFile } from './web-process.ts'

inOwnNetwork(import.meta.filename, async () => {
  // Every address of both is this host's, as one host of an attacker has them.
  for (const net of ['2001:db8:0:1::/64', '2001:db8:0:2::/64']) {
    execFileSync('ip', ['-6', 'route', 'add', 'local', net, 'dev', 'lo'])
  }
  writeFileSync('/proc/sys/net/ipv6/ip_nonlocal_bind', '1')
  const web = webOfFile()

  async function visitor(localAddress: string, host = '2001:db8:0:2::1'): Promise<TLSSocket> {
    const { port } = (await web).web
    const socket = connectTcp({ host, port, localAddress }).on('error', () => {})
    return connect({ socket, rejectUnauthorized: false }).on('error', () => {})
  }

  /** The status of an answer; null: none came. */
  async function answerTo(socket: TLSSocket, path: string): Promise<number | null> {
    let text = ''
    socket.on('data', part => {
      text += part
    })
    socket.write(`GET ${path} HTTP/1.1\r\nHost: x\r\n\r\n`)
    await until('an answer or an end', () => text !== '' || socket.closed)
    return text === '' ? null : Number(text.slice(9, 12))
  }

  test('one network has ten streams, by however many addresses it asks', async () => {
    const sockets = []
    const statuses = []
    for (let n = 1; n <= 12; n++) {
      const socket = await visitor(`2001:db8:0:1::${n}`)
      sockets.push(socket)
      statuses.push(await answerTo(socket, '/api/v1/public/stream'))
    }
    assert.deepEqual(statuses.slice(9), [200, 503, 503])
    const other = await visitor('2001:db8:0:2::2')
    assert.equal(await answerTo(other, '/api/v1/public/stream'), 200)
    for (const socket of [...sockets, other]) socket.destroy()
  })

  test('one network does not get all connections', async () => {
    const crowd: TLSSocket[] = []
    for (let n = 1; n <= 250; n++) crowd.push(await visitor(`2001:db8:0:1::${n.toString(16)}`))
    await until('the crowd to be let in or sent away', () =>
      crowd.every(socket => socket.closed || (socket.encrypted && socket.getProtocol() !== null)),
    )
    assert.equal(await answerTo(await visitor('2001:db8:0:2::2'), '/health'), 200)
    for (const socket of crowd) socket.destroy()
  })
})
