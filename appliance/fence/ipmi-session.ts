/** A session of IPMI 2.0 (RMCP+, "lanplus"): open, RAKP messages 1 to 4, then commands. */

import { randomBytes, timingSafeEqual } from 'node:crypto'
import { type CipherSuite, cipherSuites, hmac } from './ipmi-crypto.ts'
import {
  decodeMessage,
  decodePacket,
  encodeMessage,
  encodePacket,
  payloadType,
  type SessionKeys,
} from './ipmi-packet.ts'
import type { QuestionSocket } from './question-socket.ts'

const operator = 0x03
/** 13.20: the user is looked up by name alone, and not with the privilege. */
const byName = 0x10

const [application, chassis] = [0x06, 0x00]

export class IpmiSession {
  readonly #socket: QuestionSocket
  readonly #keys: SessionKeys
  #sequence = 0
  #message = 0

  private constructor(socket: QuestionSocket, keys: SessionKeys) {
    this.#socket = socket
    this.#keys = keys
  }

  static async open(socket: QuestionSocket, user: string, password: string): Promise<IpmiSession> {
    const keys = await agree(socket, Buffer.from(user), Buffer.from(password))
    const session = new IpmiSession(socket, keys)
    await session.#command(application, 0x3b, [operator], 'Set Session Privilege Level')
    return session
  }

  /** Get Chassis Status, 28.2. */
  async isOn(): Promise<boolean> {
    const [power] = await this.#command(chassis, 0x01, [], 'Get Chassis Status')
    if (power === undefined) throw new Error('Get Chassis Status was answered with nothing')
    return (power & 1) === 1
  }

  /** Chassis Control, 28.3. */
  async control(what: 'down' | 'up'): Promise<void> {
    await this.#command(chassis, 0x02, [what === 'down' ? 0 : 1], 'Chassis Control')
  }

  /** Controllers have few sessions, and keep a forgotten one for a minute. */
  async close(): Promise<void> {
    const id = Buffer.alloc(4)
    id.writeUInt32LE(this.#keys.session)
    await this.#command(application, 0x3c, [...id], 'Close Session')
  }

  async #command(
    netFunction: number,
    command: number,
    data: readonly number[],
    name: string,
  ): Promise<Uint8Array> {
    this.#message += 1
    const sequence = this.#message
    const message = encodeMessage(netFunction, command, sequence, data)
    const answer = await this.#socket.ask(
      () => {
        this.#sequence += 1
        return encodePacket(payloadType.message, message, this.#keys, this.#sequence)
      },
      bytes => {
        const payload = decodePacket(bytes, payloadType.message, this.#keys)
        return payload && decodeMessage(payload, netFunction, command, sequence)
      },
    )
    const [code = 0xff] = answer
    if (code === 0) return answer.subarray(1)
    throw new Error(`${name} was refused with completion code 0x${code.toString(16)}`)
  }
}

async function agree(socket: QuestionSocket, user: Buffer, password: Buffer): Promise<SessionKeys> {
  let refusal = ''
  for (const suite of cipherSuites) {
    const opened = await openSession(socket, suite)
    if (typeof opened !== 'string') return await authenticate(socket, suite, opened, user, password)
    refusal = opened
  }
  throw new Error(`it knows neither cipher suite 17 nor 3: ${refusal}`)
}

type Opened = { readonly ours: Buffer; readonly theirs: Buffer }

/** 13.17. A text: why not. */
async function openSession(socket: QuestionSocket, suite: CipherSuite): Promise<Opened | string> {
  const ours = randomBytes(4)
  const algorithms = suite.algorithms.flatMap((algorithm, kind) => {
    return [kind, 0, 0, 8, algorithm, 0, 0, 0]
  })
  const wish = Buffer.from([0, operator, 0, 0, ...ours, ...algorithms])
  const answer = await exchange(socket, payloadType.openSession, wish)
  const status = answer[1] ?? 0xff
  if (status !== 0) return statusText(status)
  if (answer.length < 12 || !answer.subarray(4, 8).equals(ours)) return 'its answer is broken'
  return { ours, theirs: Buffer.from(answer.subarray(8, 12)) }
}

/** 13.20 to 13.24, keys of 13.31 and 13.32. There is no key of the controller (KG) beside it. */
async function authenticate(
  socket: QuestionSocket,
  suite: CipherSuite,
  { ours, theirs }: Opened,
  user: Buffer,
  password: Buffer,
): Promise<SessionKeys> {
  const random = randomBytes(16)
  const who = Buffer.from([operator | byName, user.length, ...user])
  const first = Buffer.concat([
    Buffer.from([0, 0, 0, 0]),
    theirs,
    random,
    Buffer.from([operator | byName, 0, 0, user.length, ...user]),
  ])
  const second = await exchange(socket, payloadType.rakp1, first)
  refuse(second)
  const theirRandom = second.subarray(8, 24)
  const guid = second.subarray(24, 40)
  const proof = hmac(suite, password, ours, theirs, random, theirRandom, guid, who)
  if (!isSame(second.subarray(40), proof)) throw new Error('the password is not right')
  const third = Buffer.concat([
    Buffer.from([0, 0, 0, 0]),
    theirs,
    hmac(suite, password, theirRandom, ours, who),
  ])
  const fourth = await exchange(socket, payloadType.rakp3, third)
  refuse(fourth)
  const sik = hmac(suite, password, random, theirRandom, who)
  const due = hmac(suite, sik, random, theirs, guid).subarray(0, suite.signature)
  if (!isSame(fourth.subarray(8), due)) throw new Error('it does not prove that it knows us')
  return {
    suite,
    k1: hmac(suite, sik, new Uint8Array(20).fill(1)),
    k2: hmac(suite, sik, new Uint8Array(20).fill(2)),
    session: theirs.readUInt32LE(),
  }
}

/** The answer has the type that follows that of the question. */
const exchange = (socket: QuestionSocket, type: number, payload: Buffer): Promise<Buffer> =>
  socket.ask(
    () => encodePacket(type, payload, null, 0),
    bytes => decodePacket(bytes, type + 1, null),
  )

function refuse(answer: Buffer): void {
  const status = answer[1] ?? 0xff
  if (status !== 0) throw new Error(statusText(status))
}

const isSame = (a: Uint8Array, b: Uint8Array): boolean =>
  a.length === b.length && timingSafeEqual(a, b)

/** 13.24, table 13-15: those that an operator can do something about. */
const statusWords: Readonly<Record<number, string>> = {
  1: 'it has no session free',
  9: 'the user may not be OPERATOR',
  13: 'there is no such user, or it may not log in over the network',
  15: 'the password is not right',
  17: 'no cipher suite that both know',
  18: 'no cipher suite that both know',
}

const statusText = (status: number): string =>
  statusWords[status] ?? `it refuses the session with status 0x${status.toString(16)}`
