import { createHmac, randomBytes } from 'node:crypto'
import { createSocket, type Socket } from 'node:dgram'
import { readFileSync } from 'node:fs'
import { isIPv6 } from 'node:net'
import { parseSecret } from '../config/secret.ts'
import { LeaseBook } from '../guard/lease-book.ts'
import { decodeLease, encodeLease, markIn, pairMark } from '../guard/lease-message.ts'
import { now } from '../linux/monotonic-clock.ts'
import { endpointText } from '../values/endpoint-text.ts'
import type { WitnessOptions, WitnessPair } from './commands/witness.ts'
import { Failure } from './exit-code.ts'
import { fileTrouble } from './file-trouble.ts'

type Pair = {
  readonly name: string
  readonly secret: Uint8Array
  readonly book: LeaseBook
  /** Who had its lease when it was looked at last. */
  told: string | null
}

/** A line about somebody who is refused, not more often. */
const refusalPause = 60_000

/** Leases run out without anybody saying a word. */
const lookEvery = 250

const hmac = (secret: Uint8Array, message: Uint8Array): Uint8Array =>
  createHmac('sha256', secret).update(message).digest()

/** Runs until somebody ends it. */
export async function witness({ listen, pair }: WitnessOptions): Promise<void> {
  const pairs = byMark(pair)
  const socket = await open(listen)
  const refusedAt = new Map<string, number>()
  const refuse = (why: string, from: string): void => {
    if (now() - (refusedAt.get(why) ?? -refusalPause) < refusalPause) return
    refusedAt.set(why, now())
    console.log(`refused what came from ${from}: ${why}`)
  }
  socket.on('message', (bytes, { address, port }) => {
    // Nobody can be answered there, and Node throws.
    if (port === 0) return
    const from = endpointText(address, port)
    const mark = markIn(bytes)
    const found = mark === null ? undefined : pairs.get(mark)
    if (mark === null) return refuse('it is no question of a box', from)
    if (found === undefined) return refuse('its secret is that of no pair here', from)
    const decoded = decodeLease(bytes, found.secret, hmac)
    if (decoded.kind === 'rejected') return refuse(`${found.name}: ${decoded.reason}`, from)
    const answer = found.book.answer(decoded.message, now())
    if (answer === null) return refuse(`${found.name}: it was asked before`, from)
    // Lost or not: the box asks again.
    socket.send(encodeLease(answer, found.secret, hmac), port, address, () => {})
    tell(found)
  })
  setInterval(() => {
    for (const each of pairs.values()) tell(each)
  }, lookEvery)
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => process.exit(0))
  const names = [...pairs.values()].map(({ name }) => name).join(', ')
  console.log(`a witness for ${names} on UDP ${endpointText(listen.address, listen.port)}`)
}

function byMark(pairs: readonly WitnessPair[]): ReadonlyMap<number, Pair> {
  // 48 bits, and 0 is nobody's.
  const boot = randomBytes(6).readUIntBE(0, 6) || 1
  const found = new Map<number, Pair>()
  for (const { name, file } of pairs) {
    const secret = secretIn(file)
    const mark = pairMark(secret, hmac)
    const twin = found.get(mark)
    if (twin !== undefined) {
      throw new Failure(`${twin.name} and ${name} have the same secret: each pair needs its own`)
    }
    found.set(mark, { name, secret, book: new LeaseBook(boot, now()), told: null })
  }
  return found
}

function secretIn(file: string): Uint8Array {
  let text: string
  try {
    text = readFileSync(file, 'utf8').trim()
  } catch (error) {
    throw fileTrouble(error, file, 'read')
  }
  const secret = parseSecret(text)
  if (secret !== null) return secret
  throw new Failure(`${file}: expected 32 to 64 bytes, as text or in hexadecimal after "hex:"`)
}

function open({ address, port }: WitnessOptions['listen']): Promise<Socket> {
  const socket = createSocket(isIPv6(address) ? 'udp6' : 'udp4')
  return new Promise((resolve, reject) => {
    socket.once('error', ({ message }) => {
      reject(new Failure(`UDP ${endpointText(address, port)} cannot be opened: ${message}`))
    })
    socket.bind(port, address, () => {
      socket.removeAllListeners('error')
      // What ICMP says of an answer is no trouble of ours.
      socket.on('error', ({ message }) => console.error(`diarch: ${message}`))
      resolve(socket)
    })
  })
}

function tell(pair: Pair): void {
  const holder = pair.book.holder(now())?.name ?? null
  if (holder === pair.told) return
  pair.told = holder
  const text = holder === null ? 'nobody has the lease any more' : `${holder} has the lease`
  console.log(`${pair.name}: ${text}`)
}
