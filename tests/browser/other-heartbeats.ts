import { createHmac } from 'node:crypto'
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { decodeHeartbeat, encodeHeartbeat } from '../../appliance/guard/heartbeat-codec.ts'

const secret = 'a secret of the pair, for its heartbeats'
const key = new TextEncoder().encode(secret)
const port = 9694
const [here, there] = ['127.0.0.1', '127.0.0.2'] as const

/** The changes that give a box a path to the other end, and one to a cable that is not there. */
export const heartbeatsPatch = [
  { op: 'add', path: '/cluster/guard', value: { secret } },
  {
    op: 'add',
    path: '/node',
    value: {
      heartbeats: { beside: { interface: 'lo', source: here, peer: there, port } },
      serialHeartbeats: { cable: { device: 'ttyUSB7', baud: 9600 } },
    },
  },
]

/**
 * The other end of the path: answers each heartbeat as another box does, until it falls silent. On
 * the way three of them are lost.
 */
export async function otherHeartbeats(): Promise<() => void> {
  const socket = createSocket('udp4')
  const hmac = (by: Uint8Array, message: Uint8Array) =>
    createHmac('sha256', by).update(message).digest()
  let sequence = 0
  socket.on('message', bytes => {
    const heard = decodeHeartbeat(bytes, { secret: key }, hmac)
    if (heard.kind === 'rejected') throw new Error(`a heartbeat is ${heard.reason}`)
    const { boot: accepted, interval, missed } = heard.heartbeat
    sequence += sequence === 5 ? 4 : 1
    const own = { boot: 77, sequence, accepted, candidate: 0, hears: true, routers: [] }
    socket.send(encodeHeartbeat({ ...own, interval, missed }, key, hmac), port, here)
  })
  socket.bind(port, there)
  await once(socket, 'listening')
  let ended = false
  return () => {
    if (!ended) socket.close()
    ended = true
  }
}
