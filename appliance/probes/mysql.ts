import { constants, createPublicKey, publicEncrypt } from 'node:crypto'
import type { Finding } from '../health/check.ts'
import type { MysqlQuestion, TlsWish } from '../health/question.ts'
import { type Ask, ProbeFailure, passed, portOf, quoted } from './asking.ts'
import { type Conversation, converse } from './conversation.ts'
import { exclusiveOr } from './exclusive-or.ts'
import { sayAndEnd } from './farewell.ts'
import {
  clientSsl,
  firstValue,
  type Greeting,
  handshakeResponse,
  packet,
  parseError,
  parseGreeting,
  parseSwitch,
  type ServerError,
  scramble,
  tlsRequest,
} from './mysql-packet.ts'
import { expectValue } from './query-value.ts'

/**
 * MySQL and MariaDB. A client that leaves in the middle of the handshake is counted, and after
 * max_connect_errors of them (100) the server blocks the whole box: "Host ... is blocked because of
 * many connection errors". A TCP check does just that. So every handshake here goes to its end: a
 * check without a login says that it is the user `diarch`, does not mind being denied, and leaves.
 * That costs a line in the log of servers that log denied access; a login without rights avoids it.
 *
 * Without TLS a password that caching_sha2_password has not seen lately goes encrypted with the
 * public key that the server sends; who sits between could send his own. TLS avoids that.
 */
export const askMysql: Ask<MysqlQuestion> = (question, target, signal) =>
  converse(target, { port: portOf(target, 3306), tls: null, signal }, conversation =>
    new Talk(conversation, question).run(),
  )

type Login = { readonly user: string; readonly password: string }

const nobody: Login = { user: 'diarch', password: '' }
/** Greetings, errors and rows of a check are small. */
const longestPacket = 64 * 1024
const mostPackets = 256
/** ER_DBACCESS_DENIED, ER_ACCESS_DENIED, ER_HOST_IS_BLOCKED, ER_HOST_NOT_PRIVILEGED, ... */
const denials: readonly number[] = [1044, 1045, 1129, 1130, 1142, 1251, 1275, 1698, 1862, 3118]

class Talk {
  readonly #conversation: Conversation
  readonly #question: MysqlQuestion
  #sequence = 0
  #overTls = false

  constructor(conversation: Conversation, question: MysqlQuestion) {
    this.#conversation = conversation
    this.#question = question
  }

  async run(): Promise<Finding> {
    const greeting = await this.#greeting()
    const { tls, login, query } = this.#question
    if (tls !== null) await this.#startTls(greeting, tls)
    const error = await this.#logIn(greeting, login ?? nobody)
    const who = `MySQL ${greeting.version}`
    if (login === null) {
      if (error === null) await this.#quit()
      return passed(`${who} greets`)
    }
    if (error !== null) throw this.#refusal(error, `login as ${login.user}`)
    if (query === null) {
      await this.#quit()
      return passed(`${who} takes the login`)
    }
    const value = await this.#query(query.sql)
    await this.#quit()
    return expectValue(value, query.expect)
  }

  async #greeting(): Promise<Greeting> {
    const payload = await this.#receive()
    const error = parseError(payload)
    if (error !== null) throw this.#refusal(error, 'greeting')
    const greeting = parseGreeting(payload)
    if (greeting === null) throw this.#odd('no greeting of MySQL', payload)
    return greeting
  }

  async #startTls(greeting: Greeting, tls: TlsWish): Promise<void> {
    if ((greeting.capabilities & clientSsl) === 0) {
      const who = `${this.#conversation.whom} (${greeting.version})`
      await this.#logIn(greeting, nobody)
      throw new ProbeFailure('tls', `${who} does not offer TLS (ssl_cert, ssl_key)`)
    }
    this.#send(tlsRequest())
    await this.#conversation.upgrade(tls)
    this.#overTls = true
  }

  /** Null: logged in. */
  async #logIn(greeting: Greeting, login: Login): Promise<ServerError | null> {
    const { user, password } = login
    let { plugin, nonce } = greeting
    // The server asks for another plugin when this one is not the user's.
    if (scramble(plugin, password, nonce) === null) plugin = 'mysql_native_password'
    const answer = scramble(plugin, password, nonce) ?? Buffer.alloc(0)
    this.#send(handshakeResponse(user, answer, plugin, this.#overTls))
    for (let turn = 0; turn < 8; turn++) {
      const payload = await this.#receive()
      if (payload[0] === 0x00) return null
      const error = parseError(payload)
      if (error !== null) return error
      const other = parseSwitch(payload)
      if (other !== null) {
        plugin = other.plugin
        nonce = other.nonce
        const again = scramble(plugin, password, nonce)
        // Left at once this would be an aborted handshake: an empty answer is denied in order.
        this.#send(again ?? Buffer.alloc(0))
        if (again === null && login !== nobody) {
          await this.#receive()
          throw new ProbeFailure(
            'denied',
            `${this.#conversation.whom} wants ${quoted(plugin)} from ${user}: ` +
              'the check speaks mysql_native_password and caching_sha2_password',
          )
        }
      } else if (payload[0] === 0x01 && plugin === 'caching_sha2_password') {
        await this.#cachingSha2(payload[1], password, nonce)
      } else throw this.#odd('no answer to a login', payload)
    }
    throw this.#odd('no end of the login', Buffer.alloc(0))
  }

  /** 3: known from before, an OK follows. 4: the password itself is wanted. */
  async #cachingSha2(state: number | undefined, password: string, nonce: Uint8Array) {
    if (state === 3) return
    if (state !== 4)
      throw this.#odd('an unknown step of caching_sha2_password', Buffer.of(state ?? 0))
    const secret = Buffer.from(`${password}\0`)
    if (this.#overTls) {
      this.#send(secret)
      return
    }
    this.#send(Buffer.of(2))
    const key = await this.#receive()
    if (key[0] !== 0x01 || nonce.length === 0) throw this.#odd('no public key', key)
    this.#send(this.#encrypted(key.subarray(1), exclusiveOr(secret, nonce)))
  }

  #encrypted(pem: Uint8Array, secret: Uint8Array): Buffer {
    try {
      const key = createPublicKey(Buffer.from(pem))
      return publicEncrypt({ key, padding: constants.RSA_PKCS1_OAEP_PADDING }, secret)
    } catch {
      throw this.#odd('no public key of RSA', pem)
    }
  }

  async #query(sql: string): Promise<string | null> {
    this.#sequence = 0
    this.#send(Buffer.concat([Buffer.of(3), Buffer.from(sql)]))
    const head = await this.#receive()
    const error = parseError(head)
    if (error !== null) throw this.#refusal(error, 'query')
    if (head[0] === 0x00) throw new ProbeFailure('wrong-answer', 'the query gives no rows')
    // LOCAL INFILE: the server asks for a file of ours.
    if (head[0] === 0xfb) throw this.#odd('a wish for a file', head)
    let value: string | null | undefined
    let rows = 0
    for (let ends = 0, left = mostPackets; ends < 2 && left > 0; left--) {
      const payload = await this.#receive()
      const failure = parseError(payload)
      if (failure !== null) throw this.#refusal(failure, 'query')
      if (payload[0] === 0xfe && payload.length < 9) ends++
      else if (ends === 1 && rows++ === 0) {
        value = firstValue(payload)
        if (value === undefined) throw this.#odd('a row that is cut off', payload)
      }
    }
    if (value === undefined) throw new ProbeFailure('wrong-answer', 'the query gives no row')
    return value
  }

  #quit(): Promise<void> {
    this.#sequence = 0
    return sayAndEnd(this.#conversation, packet(0, Buffer.of(1)))
  }

  #send(payload: Uint8Array): void {
    this.#conversation.write(packet(this.#sequence, payload))
    this.#sequence++
  }

  async #receive(): Promise<Uint8Array> {
    const header = Buffer.from(await this.#conversation.read(4))
    const length = header.readUIntLE(0, 3)
    if (length === 0 || length > longestPacket) {
      throw this.#odd(`a packet of ${length} bytes, which is none of MySQL`, header)
    }
    this.#sequence = (header[3] ?? 0) + 1
    return this.#conversation.read(length)
  }

  #refusal({ code, text }: ServerError, at: string): ProbeFailure {
    const reason = denials.includes(code) ? 'denied' : 'wrong-answer'
    return new ProbeFailure(reason, `${at}: error ${code}, ${quoted(text)}`)
  }

  #odd(what: string, bytes: Uint8Array): ProbeFailure {
    const said = bytes.length === 0 ? '' : `: ${quoted(bytes)}`
    return new ProbeFailure('wrong-answer', `${this.#conversation.whom} sent ${what}${said}`)
  }
}
