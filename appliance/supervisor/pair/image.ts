/**
 * The software of one box for the other: what this end gives and takes over the socket `pair.sock`,
 * which only the process `pair` may open. That one has the connection (pair/image.ts) and cannot
 * read a disk; what it brings is judged as the upload of a stranger is.
 */

import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { FrameReader } from '../../pairing/frame-reader.ts'
import { type Frame, frameBytes, headBytes, longestGreeting } from '../../pairing/frames.ts'
import type { ToPair } from '../../pairing/pair-messages.ts'
import { seconds } from '../../values/duration.ts'
import { openControlSocket } from '../control/control-socket.ts'
import { problem, type Refusal } from '../control/problem.ts'
import { ByteSource } from '../upgrade/byte-source.ts'
import type { RunningSoftware } from '../upgrade/running-software.ts'
import type { PairProcess } from './process.ts'
import type { KnownBox } from './record.ts'

export type PeerImageSite = {
  readonly runDir: string
  /** The process `pair` runs as a user of its own. */
  readonly changesUser: boolean
  readonly send: (message: ToPair) => boolean
  readonly process: Pick<PairProcess, 'need' | 'runs'>
  /** Whose software may be asked for; null: this box knows nobody. */
  readonly whom: () => KnownBox | null
  /** What this box gives; a text: why it gives nothing. */
  readonly software: () => Promise<RunningSoftware | string>
  readonly note: (event: string, text: string) => void
}

/** The software of the other box, from its label on. */
export type OfferedImage = {
  readonly kind: 'image'
  readonly from: KnownBox
  readonly content: ByteSource
  readonly bytes: number
  /** What has not come yet is not wanted. */
  readonly end: () => void
}

/** It has to dial, and the other one to look at its disk. */
const longestAnswer = seconds(20)

type Came = { readonly body: IncomingMessage } | { readonly why: string }

export class PeerImage {
  readonly #site: PeerImageSite
  #opening: Promise<Server> | null = null
  #ids = 0
  readonly #awaited = new Map<number, (came: Came) => void>()

  constructor(site: PeerImageSite) {
    this.#site = site
  }

  /** From here on the process `pair` finds the socket. */
  async listen(): Promise<void> {
    if (this.#opening !== null) return
    const { runDir, changesUser, note } = this.#site
    const path = join(runDir, 'pair.sock')
    const group = changesUser ? 'pair' : null
    this.#opening = openControlSocket(path, (...exchange) => this.#heard(...exchange), group)
    await this.#opening.catch((error: Error) => {
      this.#opening = null
      note('image-not-given', error.message)
    })
  }

  async close(): Promise<void> {
    const server = await this.#opening
    server?.close()
    server?.closeAllConnections()
  }

  /** Nothing comes under that number. */
  onLost(id: number, why: string): void {
    this.#awaited.get(id)?.({ why })
  }

  /** Asks the peer, or the box whose code was proven here. */
  async open(): Promise<OfferedImage | Refusal> {
    const from = this.#site.whom()
    if (from === null) {
      const detail = 'Pair them first: "diarch pair join ADDRESS".'
      return problem(409, 'not-paired', 'There is no other box whose software it could be', detail)
    }
    const done = this.#site.process.need()
    const came = await this.#asked(from)
    if ('why' in came) {
      done()
      return noPeer(from, came.why)
    }
    const content = new ByteSource(came.body)
    const end = (): void => {
      came.body.destroy()
      done()
    }
    const answer = await firstFrame(content)
    if (answer?.frame === 'image-follows') {
      return { kind: 'image', from, content, bytes: answer.bytes, end }
    }
    end()
    return noImage(from, answer)
  }

  async #asked({ fingerprint, next, address, port }: KnownBox): Promise<Came> {
    await this.listen()
    this.#ids += 1
    const id = this.#ids
    let late: NodeJS.Timeout | null = null
    try {
      const isThere = await this.#site.process.runs()
      return await new Promise<Came>(resolve => {
        this.#awaited.set(id, resolve)
        late = setTimeout(() => resolve({ why: 'no answer in time' }), longestAnswer)
        const message = {
          kind: 'pair-image',
          id,
          pin: { fingerprint, next, address, port },
        } as const
        if (!isThere || !this.#site.send(message)) {
          resolve({ why: 'the process "pair" does not start' })
        }
      })
    } finally {
      if (late !== null) clearTimeout(late)
      this.#awaited.delete(id)
    }
  }

  #heard(request: IncomingMessage, response: ServerResponse): void {
    const { method = '', url = '' } = request
    if (method === 'GET' && url === '/image') {
      void this.#give(response)
      return
    }
    const [, id] = /^\/image\/(\d{1,9})$/.exec(url) ?? []
    const take = id === undefined ? undefined : this.#awaited.get(Number(id))
    if (method === 'PUT' && take !== undefined) {
      request.once('end', () => response.end())
      // A body that ends in the middle: whoever reads it learns that.
      request.on('error', () => undefined)
      take({ body: request })
      return
    }
    response.writeHead(404).end()
  }

  async #give(response: ServerResponse): Promise<void> {
    response.once('close', this.#site.process.need())
    const given = await this.#site.software().catch((error: Error) => error.message)
    if (typeof given === 'string') {
      response.end(frameBytes({ frame: 'no-image', why: given.slice(0, 500) }))
      return
    }
    response.write(frameBytes({ frame: 'image-follows', bytes: given.bytes }))
    try {
      await pipeline(Readable.from(given.pieces()), response)
      this.#site.note('image-given', `the other box has taken version ${given.version} from here`)
    } catch (error) {
      // Who looks at the label alone leaves after it, and who is cut off tells it himself.
      const { code, message } = error as NodeJS.ErrnoException
      if (code !== 'ERR_STREAM_PREMATURE_CLOSE') this.#site.note('image-not-given', message)
    }
  }
}

/** Null: the other box has ended the connection without a word. */
async function firstFrame(content: ByteSource): Promise<Frame | null> {
  try {
    const head = await content.first(headBytes)
    if (head.length < headBytes) return null
    const length = new DataView(head.buffer, head.byteOffset).getUint32(0)
    const reader = new FrameReader()
    reader.add(head)
    if (length <= longestGreeting) reader.add(await content.first(length))
    const read = reader.next()
    return read?.kind === 'frame' && read.frame.frame !== null ? read.frame : null
  } catch {
    return null
  }
}

const noPeer = ({ name, address }: KnownBox, why: string): Refusal =>
  problem(
    409,
    'no-peer',
    `${name} at ${address} does not give its software`,
    `${why}: look at the address, the cable, and "diarch pair".`,
  )

function noImage({ name, version }: KnownBox, answer: Frame | null): Refusal {
  if (answer?.frame === 'no-image') {
    const title = `${name} does not give its software: ${answer.why}`
    return problem(409, 'no-software', title, 'Take a file instead: diarch upgrade FILE.')
  }
  const title = `${name} ends the connection when it is asked for its software`
  const detail =
    `Version ${version}, which runs there, may be too old to give it, or the line was cut. ` +
    'Ask again, or take a file instead: diarch upgrade FILE.'
  return problem(409, 'no-software', title, detail)
}
