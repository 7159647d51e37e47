import { randomBytes } from 'node:crypto'
import { createSocket, type RemoteInfo, type Socket } from 'node:dgram'
import { networkInterfaces } from 'node:os'
import {
  answerBytes,
  type FoundBox,
  questionBytes,
  readAnswer,
  readQuestion,
  withFound,
} from '../pairing/discovery.ts'
import { addressesOf, everybodyOn, segmentsOf, segmentWith } from './segments.ts'

const families = [4, 6] as const

/** A question or an answer may be lost, and a switch may have just been plugged in. */
const [questions, betweenMs] = [3, 500]

const mostAnswersPerSecond = 20

function bound(family: 4 | 6, port: number): Promise<Socket> {
  const socket =
    family === 4 ? createSocket('udp4') : createSocket({ type: 'udp6', ipv6Only: true })
  return new Promise((resolve, reject) => {
    socket.once('error', error => {
      socket.close()
      reject(error)
    })
    socket.bind(port, () => {
      // Later ones are of single datagrams: they are lost, as others are.
      socket.removeAllListeners('error').on('error', () => undefined)
      if (family === 4) socket.setBroadcast(true)
      resolve(socket)
    })
  })
}

/** Those of both families that the kernel has. */
async function openBoth(port: number): Promise<ReadonlyMap<4 | 6, Socket>> {
  const opened = await Promise.allSettled(families.map(family => bound(family, port)))
  return new Map(
    families.flatMap((family, index) => {
      const socket = opened[index]
      return socket?.status === 'fulfilled' ? [[family, socket.value] as const] : []
    }),
  )
}

/** Asks everybody on each segment of this box who shows a code. */
export async function discover(port: number): Promise<readonly FoundBox[]> {
  const id = randomBytes(16).toString('hex')
  const question = questionBytes(id)
  const sockets = await openBoth(0)
  let boxes: readonly FoundBox[] = []
  for (const socket of sockets.values()) {
    socket.on('message', bytes => {
      const box = readAnswer(bytes, id)
      if (box !== null) boxes = withFound(boxes, box)
    })
  }
  for (let left = questions; left > 0; left -= 1) {
    const everybody = segmentsOf(networkInterfaces()).flatMap(everybodyOn)
    for (const { family, address } of everybody) {
      sockets.get(family)?.send(question, port, address, () => undefined)
    }
    await new Promise(resolve => setTimeout(resolve, betweenMs))
  }
  for (const socket of sockets.values()) socket.close()
  return boxes
}

export type AnsweringSite = {
  readonly port: () => number
  readonly about: () => Omit<FoundBox, 'addresses'>
}

/** Answers on the segments of this box, and only while it shows a code. */
export class Answering {
  readonly #site: AnsweringSite
  #opening: Promise<ReadonlyMap<4 | 6, Socket>> | null = null
  /** They are not of this box alone. */
  #virtual: readonly string[] = []
  #second = 0
  #answered = 0

  constructor(site: AnsweringSite) {
    this.#site = site
  }

  answer(isShown: boolean, virtual: readonly string[]): void {
    this.#virtual = virtual
    if (isShown === (this.#opening !== null)) return
    if (isShown) {
      this.#opening = openBoth(this.#site.port()).then(sockets => {
        for (const socket of sockets.values()) {
          socket.on('message', (bytes, from) => this.#heard(socket, bytes, from))
        }
        return sockets
      })
      return
    }
    void this.#opening?.then(sockets => {
      for (const socket of sockets.values()) socket.close()
    })
    this.#opening = null
  }

  #heard(socket: Socket, bytes: Uint8Array, from: RemoteInfo): void {
    const id = readQuestion(bytes)
    // Nobody can be answered at port 0.
    if (id === null || from.port === 0 || !this.#mayAnswer()) return
    const segment = segmentWith(from.address, segmentsOf(networkInterfaces()))
    if (segment === null) return
    const addresses = addressesOf(segment).filter(each => !this.#virtual.includes(each))
    if (addresses.length === 0) return
    const box = { ...this.#site.about(), addresses: addresses.slice(0, 4) }
    socket.send(answerBytes(id, box), from.port, from.address, () => undefined)
  }

  #mayAnswer(): boolean {
    const second = Math.floor(performance.now() / 1000)
    if (second !== this.#second) {
      this.#second = second
      this.#answered = 0
    }
    this.#answered += 1
    return this.#answered <= mostAnswersPerSecond
  }
}
