import type { Finding } from '../health/check.ts'
import type { PostgresqlQuestion, TlsWish } from '../health/question.ts'
import { type Ask, ProbeFailure, passed, portOf, quoted } from './asking.ts'
import { type Conversation, converse } from './conversation.ts'
import { sayAndEnd } from './farewell.ts'
import {
  firstValue,
  md5Password,
  message,
  parseError,
  Scram,
  type ServerError,
  startup,
  tlsRequest,
} from './postgresql-message.ts'
import { expectValue } from './query-value.ts'

/**
 * PostgreSQL. Without a login it says that it is the user `diarch` and leaves with the first
 * answer: a question for a password, or that nobody is called so, come from a server that serves.
 */
export const askPostgresql: Ask<PostgresqlQuestion> = (question, target, signal) =>
  converse(target, { port: portOf(target, 5432), tls: null, signal }, conversation =>
    new Talk(conversation, question).run(),
  )

const nobody = { user: 'diarch', password: '', database: 'postgres' }
const longestMessage = 64 * 1024
const mostMessages = 256

/**
 * Classes of SQLSTATE that are about the server and not about us: insufficient resources (53300:
 * too many clients), operator intervention (57P03: starting up, shutting down), system and
 * internal errors. https://www.postgresql.org/docs/current/errcodes-appendix.html
 */
const serversTrouble = /^(53|57P|58|XX)/

class Talk {
  readonly #conversation: Conversation
  readonly #question: PostgresqlQuestion
  #scram: Scram | null = null
  #proven = false
  #overTls = false

  constructor(conversation: Conversation, question: PostgresqlQuestion) {
    this.#conversation = conversation
    this.#question = question
  }

  async run(): Promise<Finding> {
    const { tls, login, query } = this.#question
    if (tls !== null) await this.#startTls(tls)
    const { user, password, database } = login ?? nobody
    this.#conversation.write(startup(user, database))
    if (login === null) return this.#firstAnswer()
    await this.#logIn(user, password)
    await this.#untilReady('login')
    const value = query === null ? undefined : await this.#query(query.sql)
    await sayAndEnd(this.#conversation, message('X', ''))
    if (query === null || value === undefined) return passed('PostgreSQL takes the login')
    return expectValue(value, query.expect)
  }

  async #startTls(tls: TlsWish): Promise<void> {
    this.#conversation.write(tlsRequest())
    const [answer = 0] = await this.#conversation.read(1)
    const letter = String.fromCharCode(answer)
    if (letter === 'N') {
      throw new ProbeFailure('tls', `${this.#conversation.whom} does not offer TLS (ssl = on)`)
    }
    if (letter !== 'S') throw this.#odd('no answer to a wish for TLS', Buffer.of(answer))
    await this.#conversation.upgrade(tls)
    this.#overTls = true
  }

  async #firstAnswer(): Promise<Finding> {
    const { type, body } = await this.#receive()
    if (type === 'R') return passed('PostgreSQL takes connections')
    if (type !== 'E') throw this.#odd('no answer to a start-up message', body)
    const error = parseError(body)
    // It may be of a server older than 7.4, or of none at all.
    if (!/^[\dA-Z]{5}$/.test(error.state)) throw this.#odd('an error without a state', body)
    if (serversTrouble.test(error.state)) throw this.#refusal(error, 'start-up')
    return passed(`PostgreSQL takes connections (and denies ours: ${quoted(error.text)})`)
  }

  /** Up to AuthenticationOk. */
  async #logIn(user: string, password: string): Promise<void> {
    for (let turn = 0; turn < 8; turn++) {
      const { type, body } = await this.#receive()
      if (type === 'E') throw this.#refusal(parseError(body), `login as ${user}`)
      if (type !== 'R' || body.length < 4) throw this.#odd('no answer to a login', body)
      const rest = body.subarray(4)
      const kind = Buffer.from(body).readUInt32BE(0)
      if (kind === 0) {
        if (this.#scram === null || this.#proven) return
        throw this.#odd('an end of the login without its proof', body)
      }
      await this.#answer(kind, rest, user, password)
    }
    throw this.#odd('no end of the login', Buffer.alloc(0))
  }

  async #answer(kind: number, rest: Uint8Array, user: string, password: string): Promise<void> {
    const words = Buffer.from(rest).toString()
    switch (kind) {
      case 3:
        if (!this.#overTls) {
          throw new ProbeFailure(
            'denied',
            `${this.#conversation.whom} wants the password in clear text: not without TLS`,
          )
        }
        this.#say(`${password}\0`)
        return
      case 5:
        this.#say(`${md5Password(user, password, rest.subarray(0, 4))}\0`)
        return
      case 10:
        if (!words.split('\0').includes('SCRAM-SHA-256')) break
        this.#scram = new Scram(password)
        this.#say(this.#scram.first())
        return
      case 11: {
        const answer = await this.#scram?.final(words)
        if (answer === undefined || answer === null) throw this.#odd('no SCRAM challenge', rest)
        this.#say(answer)
        return
      }
      case 12:
        this.#proven = this.#scram?.isRight(words) ?? false
        if (!this.#proven) {
          throw new ProbeFailure('denied', `${this.#conversation.whom} does not know the password`)
        }
        return
    }
    throw new ProbeFailure(
      'denied',
      `${this.#conversation.whom} wants another kind of login from ${user} (${kind}): ` +
        'the check speaks scram-sha-256, md5 and, over TLS, password',
    )
  }

  async #query(sql: string): Promise<string | null> {
    this.#conversation.write(message('Q', `${sql}\0`))
    const row = await this.#untilReady('query')
    if (row === null) throw new ProbeFailure('wrong-answer', 'the query gives no row')
    const value = firstValue(row)
    if (value === undefined) throw this.#odd('a row that is cut off', row)
    return value
  }

  /** Returns the first row that came, if any. */
  async #untilReady(at: string): Promise<Uint8Array | null> {
    let row: Uint8Array | null = null
    for (let count = 0; count < mostMessages; count++) {
      const { type, body } = await this.#receive()
      if (type === 'E') throw this.#refusal(parseError(body), at)
      if (type === 'D') row ??= body
      if (type === 'Z') return row
    }
    if (row !== null) return row
    throw this.#odd(`no end of the ${at}`, Buffer.alloc(0))
  }

  #say(body: Uint8Array | string): void {
    this.#conversation.write(message('p', body))
  }

  async #receive(): Promise<{ readonly type: string; readonly body: Uint8Array }> {
    const head = Buffer.from(await this.#conversation.read(5))
    const length = head.readUInt32BE(1)
    if (length < 4 || length > longestMessage) {
      throw this.#odd(`a message of ${length} bytes, which is none of PostgreSQL`, head)
    }
    return { type: head.toString('latin1', 0, 1), body: await this.#conversation.read(length - 4) }
  }

  #refusal({ state, text }: ServerError, at: string): ProbeFailure {
    const reason = /^28/.test(state) || state === '42501' ? 'denied' : 'wrong-answer'
    return new ProbeFailure(reason, `${at}: error ${state}, ${quoted(text)}`)
  }

  #odd(what: string, bytes: Uint8Array): ProbeFailure {
    const said = bytes.length === 0 ? '' : `: ${quoted(bytes)}`
    return new ProbeFailure('wrong-answer', `${this.#conversation.whom} sent ${what}${said}`)
  }
}
