import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import { createServer, type Server, type ServerOptions } from 'node:https'
import type { Socket } from 'node:net'
import { clientNetwork } from '../access/client-network.ts'
import type { Identity } from '../linux/identity.ts'
import { bodyLimits, longestSending, usualIdleMs } from './long-bodies.ts'

/** Limits against clients that hold on to what they get: each one is small, and they all end. */
const limits = {
  maxHeaderSize: 8 * 1024,
  handshakeTimeout: 10_000,
  headersTimeout: 10_000,
  requestTimeout: longestSending,
  keepAliveTimeout: 10_000,
  connectionsCheckingInterval: 2_000,
  minVersion: 'TLSv1.2',
} as const satisfies ServerOptions

/** With 50 streams there is still room for many ordinary requests. */
const mostConnections = 200
/** Half of them: one host alone keeps nobody else out. */
const mostOfOneNetwork = 100

export function httpsServer(identity: Identity, listener: RequestListener): Server {
  const options = { key: identity.pem, cert: identity.pem, ...limits }
  const server = createServer(options, sentInTime(listener))
  server.maxConnections = mostConnections
  server.maxHeadersCount = 100
  // A connection on which nothing moves; streams move every five seconds.
  server.timeout = usualIdleMs
  const open = new Map<string, number>()
  server.on('connection', (socket: Socket) => {
    const network = clientNetwork(socket.remoteAddress ?? '')
    const count = (open.get(network) ?? 0) + 1
    if (count > mostOfOneNetwork) {
      socket.destroy()
      return
    }
    open.set(network, count)
    socket.on('close', () => {
      const left = (open.get(network) ?? 1) - 1
      if (left > 0) open.set(network, left)
      else open.delete(network)
    })
  })
  return server
}

/** Node has one limit for all requests; here each has its own. */
function sentInTime(listener: RequestListener): RequestListener {
  return (request: IncomingMessage, response: ServerResponse): void => {
    const late = setTimeout(() => {
      if (!request.complete) request.socket.destroy()
    }, bodyLimits(request).sentWithinMs)
    request.on('close', () => clearTimeout(late))
    listener(request, response)
  }
}

/** Resolves with the port when connections are accepted: on IPv6 and IPv4, or what there is. */
export function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const refused = (error: NodeJS.ErrnoException) => reject(new Error(whyNot(port, error)))
    server.once('error', refused)
    server.listen(port, () => {
      server.off('error', refused)
      const address = server.address()
      resolve(typeof address === 'object' && address !== null ? address.port : port)
    })
  })
}

/** With `diarch run` somebody chose the port, and can choose another. */
function whyNot(port: number, { code, message }: NodeJS.ErrnoException): string {
  const advice = 'choose another with "diarch run --web-port NUMBER"'
  switch (code) {
    case 'EADDRINUSE':
      return `port ${port} is in use by another program: stop it, or ${advice}`
    case 'EACCES':
      return `port ${port} is for root only: ${advice}`
    default:
      return message
  }
}
