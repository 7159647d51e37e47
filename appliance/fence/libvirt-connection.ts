import { isIP } from 'node:net'
import { connect, type TLSSocket } from 'node:tls'
import { decodeAnswer, encodeCall, lengthOf, type Procedure } from '../fencing/libvirt-message.ts'
import { withoutBrackets } from '../values/host-name.ts'
import { asPem } from '../values/pem.ts'
import { answerWithin } from './patience.ts'

export type LibvirtHost = {
  readonly server: string
  readonly port: number
  readonly ca: string
  readonly certificate: string
  readonly secret: string
}

type Waiting = {
  readonly serial: number
  readonly resolve: (body: Uint8Array) => void
  readonly reject: (error: Error) => void
}

/** libvirt's RPC over TLS, with certificates on both sides: one call after the other. */
export class LibvirtConnection {
  readonly #socket: TLSSocket
  #bytes: Uint8Array = new Uint8Array(0)
  #waiting: Waiting | null = null
  #serial = 0
  /** The host has looked at our certificate, and said so with a byte. */
  #welcome: PromiseWithResolvers<void> | null = Promise.withResolvers<void>()

  private constructor(socket: TLSSocket) {
    this.#socket = socket
    socket.on('data', (part: Buffer) => this.#read(part))
    socket.on('error', error => this.#fail(error))
    socket.on('close', () => this.#fail(new Error('the host has closed the connection')))
  }

  static async open({ server, port, ...files }: LibvirtHost): Promise<LibvirtConnection> {
    const host = withoutBrackets(server)
    const [ca, cert, key] = [files.ca, files.certificate, files.secret].map(asPem)
    const trust = { ca, cert, key, minVersion: 'TLSv1.2' } as const
    const name = isIP(host) === 0 ? { servername: host } : {}
    const connection = new LibvirtConnection(connect({ host, port, ...trust, ...name }))
    try {
      await connection.#within(connection.#welcome?.promise ?? Promise.resolve(), answerWithin)
    } catch (error) {
      connection.close()
      throw error
    }
    return connection
  }

  /** `within`: milliseconds. */
  call(name: Procedure, args: Uint8Array, within = answerWithin): Promise<Uint8Array> {
    this.#serial += 1
    const serial = this.#serial
    const { promise, resolve, reject } = Promise.withResolvers<Uint8Array>()
    this.#waiting = { serial, resolve, reject }
    if (this.#socket.destroyed) this.#fail(new Error('the host has closed the connection'))
    else this.#socket.write(encodeCall(name, serial, args))
    return this.#within(promise, within)
  }

  close(): void {
    this.#socket.destroy()
  }

  async #within<T>(promise: Promise<T>, limit: number): Promise<T> {
    const late = setTimeout(() => {
      this.#fail(new Error(`no answer within ${limit / 1000} s`))
    }, limit)
    try {
      return await promise
    } finally {
      clearTimeout(late)
    }
  }

  #fail(error: Error): void {
    const isStranger = this.#welcome !== null && this.#socket.authorized
    this.#welcome?.reject(isStranger ? new Error(`${notWelcome}: ${error.message}`) : error)
    this.#waiting?.reject(error)
    this.#welcome = null
    this.#waiting = null
    this.#socket.destroy()
  }

  #read(part: Uint8Array): void {
    this.#bytes = Buffer.concat([this.#bytes, part])
    if (this.#welcome !== null) {
      if (this.#bytes[0] !== welcome) {
        this.#fail(new Error(noLibvirt))
        return
      }
      this.#bytes = this.#bytes.subarray(1)
      this.#welcome.resolve()
      this.#welcome = null
    }
    let length = lengthOf(this.#bytes)
    while (typeof length === 'number' && length <= this.#bytes.length) {
      this.#take(this.#bytes.subarray(0, length))
      this.#bytes = this.#bytes.subarray(length)
      length = lengthOf(this.#bytes)
    }
    if (length === 'broken') this.#fail(new Error(noLibvirt))
  }

  #take(message: Uint8Array): void {
    const answer = decodeAnswer(message)
    const waiting = this.#waiting
    if (answer.kind === 'broken') this.#fail(new Error(noLibvirt))
    else if (answer.kind !== 'other' && answer.serial === waiting?.serial) {
      this.#waiting = null
      if (answer.kind === 'result') waiting.resolve(answer.body)
      else waiting.reject(new Error(answer.text))
    }
  }
}

const welcome = 1
const noLibvirt = 'what answers there does not speak as libvirt does'
const notWelcome =
  'the host does not take our certificate: its CA has to have signed it, ' +
  'and "tls_allowed_dn_list" of libvirtd.conf to have its name, where there is one'
