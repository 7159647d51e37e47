/**
 * `node client.ts ADDRESS INTERVAL GAP`, a process on a machine of the demo's network: asks the
 * virtual address for its page every INTERVAL ms, each time over a new connection, and tells its
 * parent once in a second what came back, and which times of GAP ms or more had no answer.
 * Listening sockets that the parent hands over lead to machines of that network: so a browser of
 * the host reaches the pages of the boxes.
 */

import { createConnection, type Server, type Socket } from 'node:net'
import { Asking } from './asking.ts'

const [address = '', interval = '20', gap = '100'] = process.argv.slice(2)
// A retransmission would come after a second: whoever waits for it hides the gap.
const patience = 500
const asking = new Asking(Number(gap))

const ask = (): void => {
  const socket = createConnection({ host: address, port: 80 })
  let said = ''
  let settled = false
  const settle = (act: () => void) => {
    if (!settled) act()
    settled = true
    socket.destroy()
  }
  const fail = () => settle(() => asking.failure())
  // From the first packet to the last byte.
  const limit = setTimeout(fail, patience)
  socket.setEncoding('utf8')
  socket.on('data', (text: string) => {
    said += text
  })
  socket.on('error', fail)
  socket.on('close', () => {
    clearTimeout(limit)
    const server = /^HTTP\S+ 200 [\s\S]*\r\n\r\n(\S+)\n$/.exec(said)?.[1]
    if (server === undefined) fail()
    else settle(() => asking.answer(server, performance.now()))
  })
  socket.write(`GET / HTTP/1.0\r\nHost: ${address}\r\n\r\n`)
}

const relay = (from: Socket, host: string, port: number): void => {
  const to = createConnection({ host, port, allowHalfOpen: true })
  const end = () => {
    from.destroy()
    to.destroy()
  }
  for (const socket of [from, to]) socket.on('error', end).on('close', end)
  from.pipe(to)
  to.pipe(from)
}

export type Relay = { readonly host: string; readonly port: number }

process.on('message', ({ host, port }: Relay, server: Server) => {
  server.on('connection', socket => relay(socket, host, port))
})
process.on('disconnect', () => process.exit(0))

setInterval(ask, Number(interval))
setInterval(() => process.send?.(asking.second(performance.now())), 1000)
