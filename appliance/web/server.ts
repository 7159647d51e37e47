import type { RequestListener } from 'node:http'
import { createServer, type Server, type ServerOptions } from 'node:https'
import type { Identity } from './identity.ts'

/** Limits against clients that hold on to what they get: each one is small, and they all end. */
const limits = {
  maxHeaderSize: 8 * 1024,
  handshakeTimeout: 10_000,
  headersTimeout: 10_000,
  requestTimeout: 15_000,
  keepAliveTimeout: 10_000,
  connectionsCheckingInterval: 2_000,
  minVersion: 'TLSv1.2',
} as const satisfies ServerOptions

/** With 50 streams there is still room for many ordinary requests. */
const mostConnections = 200
/** A connection on which nothing moves; streams move every five seconds. */
const idleLimitMs = 30_000

export function httpsServer(identity: Identity, listener: RequestListener): Server {
  const server = createServer({ key: identity.pem, cert: identity.pem, ...limits }, listener)
  server.maxConnections = mostConnections
  server.maxHeadersCount = 100
  server.timeout = idleLimitMs
  return server
}

/** Resolves with the port when connections are accepted: on IPv6 and IPv4, or what there is. */
export function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, () => {
      server.off('error', reject)
      const address = server.address()
      resolve(typeof address === 'object' && address !== null ? address.port : port)
    })
  })
}
