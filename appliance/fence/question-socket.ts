import { createSocket, type Socket } from 'node:dgram'
import { lookup } from 'node:dns/promises'
import { withoutBrackets } from '../values/host-name.ts'

const retryAfter = 1000
const tries = 4

/** UDP to one server: a question is asked again until its answer comes. */
export class QuestionSocket {
  readonly #server: string
  readonly #socket: Socket

  private constructor(server: string, socket: Socket) {
    this.#server = server
    this.#socket = socket
  }

  static async open(server: string, port: number): Promise<QuestionSocket> {
    const { address, family } = await lookup(withoutBrackets(server))
    const socket = createSocket(family === 6 ? 'udp6' : 'udp4')
    try {
      await new Promise<void>((resolve, reject) => {
        socket.once('error', reject)
        // The callback of `connect` would be called with the error too.
        socket.once('connect', resolve)
        socket.connect(port, address)
      })
    } catch (error) {
      socket.close()
      throw error
    }
    socket.removeAllListeners('error')
    return new QuestionSocket(`${server} port ${port}`, socket)
  }

  /** `question` is made anew each time; `answer` gives null for what is none. */
  ask<T>(question: () => Buffer, answer: (bytes: Buffer) => T | null): Promise<T> {
    const socket = this.#socket
    return new Promise((resolve, reject) => {
      let asked = 0
      let timer: NodeJS.Timeout | null = null
      const end = (): void => {
        if (timer !== null) clearTimeout(timer)
        socket.removeAllListeners()
      }
      const fail = (why: string): void => {
        end()
        reject(new Error(why))
      }
      const send = (): void => {
        if (asked === tries) {
          fail(`${this.#server} does not answer`)
          return
        }
        asked += 1
        socket.send(question())
        timer = setTimeout(send, retryAfter)
      }
      socket.on('error', error => fail(`${this.#server}: ${error.message}`))
      socket.on('message', bytes => {
        const found = answer(bytes)
        if (found === null) return
        end()
        resolve(found)
      })
      send()
    })
  }

  close(): void {
    this.#socket.close()
  }
}
