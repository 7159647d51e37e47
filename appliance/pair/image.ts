/**
 * The software of a box on its way to the other one: over a connection of its own, with the same
 * keys, so that nothing that the two say to each other waits behind 230 MB. This process only
 * passes bytes on: the two supervisors say what they are, over their sockets `pair.sock`.
 *
 *   one that takes -> one that gives   the frame "image"
 *   one that gives -> one that takes   "image-follows" and the slot, or "no-image"; then the end
 */

import { get, request } from 'node:http'
import { Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { TLSSocket } from 'node:tls'
import type { Identity } from '../linux/identity.ts'
import { frameBytes } from '../pairing/frames.ts'
import type { ToPair } from '../pairing/pair-messages.ts'
import { isKeyOf } from '../pairing/peer-key.ts'
import type { Connection } from './connection.ts'
import { dial } from './tls.ts'

/** Adverts and heartbeats are on the same wire, which may have 100 Mb/s: two thirds of that. */
const bytesPerMs = 8 * 1024
/** A disk may stand still for a while. */
const idleMs = 60_000

export type ImageGiverSite = {
  readonly socketPath: string
  /** The peer, or somebody who has just proven that he knows the code. */
  readonly may: (fingerprint: string) => boolean
}

export class ImageGiver {
  readonly #site: ImageGiverSite
  readonly #idleMs: number
  #giving: { readonly to: string; readonly socket: TLSSocket } | null = null

  constructor(site: ImageGiverSite, patienceMs = idleMs) {
    this.#site = site
    this.#idleMs = patienceMs
  }

  /** The first frame of a connection asks for it. */
  begin(connection: Connection): void {
    const why = this.#whyNot(connection.fingerprint)
    if (why === null) this.#give(connection)
    else {
      connection.send({ frame: 'no-image', why })
      connection.close(why)
    }
  }

  #whyNot(to: string): string | null {
    if (!this.#site.may(to)) return 'it does not know this box'
    const isElsewhere = this.#giving !== null && this.#giving.to !== to
    return isElsewhere ? 'it is giving it to somebody already' : null
  }

  #give(connection: Connection): void {
    // It knows that its first connection is gone; here a cable that was pulled says nothing.
    this.#giving?.socket.destroy()
    const giving = { to: connection.fingerprint, socket: connection.detach() }
    this.#giving = giving
    void give(this.#site.socketPath, giving.socket, this.#idleMs).finally(() => {
      if (this.#giving === giving) this.#giving = null
    })
  }
}

/** Until it is there, or the connection is gone: the one that takes it notices what is missing. */
async function give(socketPath: string, socket: TLSSocket, patienceMs: number): Promise<void> {
  const asking = get({ socketPath, path: '/image', agent: false })
  const gone = new Promise<void>(resolve => socket.once('close', () => resolve()))
  // What the other one says meanwhile is no progress: what goes out is.
  const late = setTimeout(() => socket.destroy(), patienceMs)
  asking.on('error', () => socket.destroy())
  asking.on('response', response => {
    const pace = paced(() => late.refresh())
    void pipeline(response, pace, socket).catch(() => socket.destroy())
  })
  await gone
  clearTimeout(late)
  asking.destroy()
}

/** Evenly: a burst would stand in the queues of the switch before an advert. */
function paced(onPiece: () => void): Transform {
  let isFreeAt = 0
  return new Transform({
    transform: (piece: Buffer, _, done) => {
      onPiece()
      const at = Math.max(performance.now(), isFreeAt)
      isFreeAt = at + piece.length / bytesPerMs
      setTimeout(done, at - performance.now(), null, piece)
    },
  })
}

/** Rejects when the box does not answer, or the connection ends in the middle. */
export async function takeImage(
  identity: Identity,
  socketPath: string,
  { id, pin }: Extract<ToPair, { kind: 'pair-image' }>,
): Promise<void> {
  const socket = await dial(identity, pin.address, pin.port)
  socket.on('error', () => undefined)
  if (!isKeyOf(pin, socket.getPeerX509Certificate()?.fingerprint256 ?? '')) {
    socket.destroy()
    throw new Error('another box answers there')
  }
  socket.setTimeout(idleMs, () => socket.destroy(new Error('nothing comes any more')))
  socket.write(frameBytes({ frame: 'image' }))
  const passing = request({ socketPath, method: 'PUT', path: `/image/${id}`, agent: false })
  passing.on('response', response => response.resume())
  await pipeline(socket, passing)
}
