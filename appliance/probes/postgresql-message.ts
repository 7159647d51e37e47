import { createHash, createHmac, pbkdf2, randomBytes, timingSafeEqual } from 'node:crypto'
import { promisify } from 'node:util'
import { exclusiveOr } from './exclusive-or.ts'

/**
 * Messages of PostgreSQL's protocol 3, https://www.postgresql.org/docs/current/protocol.html
 *
 *     +------+---------------------------+------+
 *     | type | length, 4 bytes, with its | body |   big endian; the first two from a client
 *     | 1    | own 4 and without the type|      |   have no type
 *     +------+---------------------------+------+
 */
export function message(type: string, body: Uint8Array | string): Buffer {
  const bytes = Buffer.from(body)
  const head = Buffer.alloc(type.length + 4)
  head.write(type, 0, 'latin1')
  head.writeUInt32BE(bytes.length + 4, type.length)
  return Buffer.concat([head, bytes])
}

export const tlsRequest = (): Buffer => message('', Buffer.of(0x04, 0xd2, 0x16, 0x2f))

export function startup(user: string, database: string): Buffer {
  const words = ['user', user, 'database', database, 'application_name', 'diarch']
  const parameters = words.map(word => Buffer.from(`${word}\0`))
  return message('', Buffer.concat([Buffer.of(0, 3, 0, 0), ...parameters, Buffer.of(0)]))
}

export type ServerError = { readonly state: string; readonly text: string }

/** Fields: a letter, text, NUL. Whatever is missing is empty. */
export function parseError(body: Uint8Array): ServerError {
  const fields = Buffer.from(body).toString().split('\0')
  const field = (letter: string) => fields.find(text => text.startsWith(letter))?.slice(1) ?? ''
  return { state: field('C'), text: field('M') }
}

/** The first value of a DataRow: null for NULL, undefined where it is cut off. */
export function firstValue(body: Uint8Array): string | null | undefined {
  const bytes = Buffer.from(body)
  if (bytes.length < 6 || bytes.readUInt16BE(0) === 0) return undefined
  const length = bytes.readInt32BE(2)
  if (length === -1) return null
  const value = bytes.subarray(6, 6 + Math.max(length, 0))
  return value.length === length ? value.toString() : undefined
}

const md5 = (...parts: readonly Uint8Array[]): string => {
  const hash = createHash('md5')
  for (const part of parts) hash.update(part)
  return hash.digest('hex')
}

export function md5Password(user: string, password: string, salt: Uint8Array): string {
  const inner = md5(Buffer.from(password), Buffer.from(user))
  return `md5${md5(Buffer.from(inner), salt)}`
}

/** PostgreSQL's default is 4096; each costs us time too, so a stranger does not choose freely. */
const mostIterations = 200_000

const mac = (key: Uint8Array, text: Uint8Array | string): Buffer =>
  createHmac('sha256', key).update(text).digest()

/** SCRAM-SHA-256 without channel binding (RFC 5802, RFC 7677). */
export class Scram {
  readonly #password: string
  readonly #bare = `n=,r=${randomBytes(18).toString('base64')}`
  #serverSignature: Buffer | null = null

  constructor(password: string) {
    this.#password = password.normalize('NFKC')
  }

  first(): Buffer {
    const words = Buffer.from(`n,,${this.#bare}`)
    const length = Buffer.alloc(4)
    length.writeUInt32BE(words.length)
    return Buffer.concat([Buffer.from('SCRAM-SHA-256\0'), length, words])
  }

  /** Null: what the server said makes no sense. */
  async final(challenge: string): Promise<string | null> {
    const found = /^r=([^,]+),s=([A-Za-z0-9+/=]+),i=(\d{1,9})$/.exec(challenge)
    const [, nonce = '', salt = '', count = ''] = found ?? []
    const iterations = Number(count)
    const ours = this.#bare.slice('n=,r='.length)
    if (found === null || !nonce.startsWith(ours) || nonce === ours) return null
    if (iterations < 1 || iterations > mostIterations) return null
    const salted = await promisify(pbkdf2)(
      this.#password,
      Buffer.from(salt, 'base64'),
      iterations,
      32,
      'sha256',
    )
    const clientKey = mac(salted, 'Client Key')
    const withoutProof = `c=biws,r=${nonce}`
    const all = `${this.#bare},${challenge},${withoutProof}`
    const stored = createHash('sha256').update(clientKey).digest()
    this.#serverSignature = mac(mac(salted, 'Server Key'), all)
    return `${withoutProof},p=${exclusiveOr(clientKey, mac(stored, all)).toString('base64')}`
  }

  /** The server knows the password too. */
  isRight(last: string): boolean {
    const [, text = ''] = /^v=([A-Za-z0-9+/=]+)$/.exec(last) ?? []
    const signature = Buffer.from(text, 'base64')
    const own = this.#serverSignature
    return own !== null && signature.length === own.length && timingSafeEqual(signature, own)
  }
}
