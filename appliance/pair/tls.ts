import { connect, createServer, type Server, type TLSSocket } from 'node:tls'
import type { Identity } from '../linux/identity.ts'

/** Nobody vouches for these certificates: who is who is decided by their fingerprints. */
const mutual = { rejectUnauthorized: false, minVersion: 'TLSv1.3' } as const

const dialMs = 5000
const mostConnections = 16

/** Who connects from now on sees that key. */
export const show = (server: Server, { pem }: Identity): void =>
  server.setSecureContext({ minVersion: mutual.minVersion, key: pem, cert: pem })

export function listen(
  { pem }: Identity,
  port: number,
  onConnection: (socket: TLSSocket) => void,
): Promise<Server> {
  const options = { ...mutual, key: pem, cert: pem, requestCert: true, handshakeTimeout: 10_000 }
  const server = createServer(options, onConnection)
  server.maxConnections = mostConnections
  // Somebody who speaks no TLS, or leaves in the middle of it.
  server.on('tlsClientError', () => undefined)
  return new Promise((resolve, reject) => {
    server.once('error', error => {
      const advice = 'stop what has it, or choose another with "diarch run --pair-port NUMBER"'
      reject(new Error(`cannot listen on port ${port} for the peer: ${error.message}: ${advice}`))
    })
    server.listen(port, () => resolve(server))
  })
}

/** Rejects with the error of the socket when nobody answers. */
export function dial({ pem }: Identity, host: string, port: number): Promise<TLSSocket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ ...mutual, host, port, key: pem, cert: pem })
    const late = setTimeout(() => socket.destroy(new Error('no answer in time')), dialMs)
    socket.once('error', reject)
    socket.once('close', () => {
      clearTimeout(late)
      reject(new Error('it closed the connection'))
    })
    socket.once('secureConnect', () => {
      clearTimeout(late)
      socket.off('error', reject)
      resolve(socket)
    })
  })
}
