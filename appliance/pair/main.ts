import { createHash, X509Certificate } from 'node:crypto'
import { hostname } from 'node:os'
import type { TLSSocket } from 'node:tls'
import { makeCertificate } from '../linux/certificate.ts'
import { loadOrMakeIdentity } from '../linux/identity.ts'
import { parentChannel, startHeartbeat } from '../linux/parent-channel.ts'
import type { About } from '../pairing/frames.ts'
import type { ToPair } from '../pairing/pair-messages.ts'
import { CodeHost } from './code-host.ts'
import { join } from './code-joiner.ts'
import { Connection } from './connection.ts'
import { Answering, discover } from './discovery.ts'
import { ImageGiver, takeImage } from './image.ts'
import { Links } from './links.ts'
import { OwnKeys } from './own-keys.ts'
import { readSettings } from './settings.ts'
import { listen, show } from './tls.ts'

/**
 * The pair process: the connection to the other box, and the way to become a pair. It knows who may
 * connect; what is said over the connection is between the two supervisors.
 */
async function run(): Promise<void> {
  const channel = parentChannel('pair')
  channel.onClose(() => process.exit(0))
  const settings = readSettings(process.env)
  const make = (): string => makeCertificate(hostname(), settings.builtAt)
  const report = (line: string): void => console.error(line)
  const identity = await loadOrMakeIdentity(settings.folder, make, report)
  const keys = new OwnKeys({ folder: settings.folder, identity, make, report })
  const own = (): Uint8Array =>
    createHash('sha256').update(new X509Certificate(keys.current.pem).raw).digest()
  let { port } = settings
  let self: Omit<About, 'port'> = { name: hostname(), version: '', schemaVersion: 0 }
  const about = (): About => ({ ...self, port })

  const host = new CodeHost({ own, about, tell: channel.send })
  const answering = new Answering({
    port: () => port,
    about: () => {
      const { name, version } = self
      return { name, version, port, fingerprint: keys.current.fingerprint }
    },
  })
  const links = new Links({ identity: () => keys.current, about, tell: channel.send })

  const { socketPath } = settings
  const giver = new ImageGiver({
    socketPath,
    may: fingerprint => links.isPinned(fingerprint) || host.knows(fingerprint),
  })

  const onConnection = (socket: TLSSocket): void => {
    // Before anybody listens to it: an error without a listener ends the process.
    socket.on('error', () => undefined)
    try {
      const connection = new Connection(socket, {
        onClose: () => undefined,
        onFrame: frame => {
          if (frame.frame === 'hello') links.greeted(connection, frame.about)
          else if (frame.frame === 'join') host.begin(connection, frame)
          else if (frame.frame === 'image') giver.begin(connection)
          else connection.close('it does not say who it is')
        },
      })
    } catch {
      socket.destroy()
    }
  }

  // What was said last is on its way.
  const stop = (): void => {
    setTimeout(() => process.exit(0), 200)
  }

  const tellKeys = (trouble: string | null): void =>
    channel.send({ kind: 'pair-keys', keys: keys.keys, trouble })

  const onMessage = (message: ToPair): void => {
    switch (message.kind) {
      case 'pair-pins':
        self = message.about
        links.trust(message.pins)
        host.pinned(message.pins.map(pin => pin.fingerprint))
        break
      case 'pair-code':
        host.show(message.code, message.tries)
        answering.answer(message.code !== null, message.virtual)
        break
      case 'pair-discover':
        void discover(port).then(boxes => {
          channel.send({ kind: 'pair-discovered', id: message.id, boxes })
        })
        break
      case 'pair-join':
        void join({ identity: keys.current, own: own(), about: about() }, message).then(outcome => {
          channel.send({ kind: 'pair-joined', id: message.id, outcome })
        })
        break
      case 'pair-image':
        void takeImage(keys.current, socketPath, message).catch((error: Error) => {
          channel.send({ kind: 'pair-image-lost', id: message.id, why: error.message })
        })
        break
      case 'pair-make-key':
        tellKeys(keys.make())
        break
      case 'pair-use-key': {
        const before = keys.current
        tellKeys(keys.use(message.fingerprint))
        if (keys.current === before) break
        show(server, keys.current)
        links.shown()
        break
      }
      case 'pair-send':
        links.send(message.frame)
        break
    }
  }
  channel.onMessage(message => {
    if (message.kind === 'stop') stop()
    if (message.kind.startsWith('pair-')) onMessage(message as ToPair)
  })
  process.on('SIGTERM', stop)

  const server = await listen(identity, port, onConnection)
  const address = server.address()
  if (typeof address === 'object' && address !== null) port = address.port
  console.log(`the peer may connect to port ${port}; this box is ${identity.fingerprint}`)
  channel.send({ kind: 'ready' })
  tellKeys(null)
  startHeartbeat(channel)
}

run().catch((error: unknown) => {
  console.error(`pair cannot start: ${error instanceof Error ? error.message : error}`)
  process.exit(1)
})
