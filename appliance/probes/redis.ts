import type { Finding } from '../health/check.ts'
import type { RedisQuestion } from '../health/question.ts'
import { type Ask, failed, ProbeFailure, passed, portOf, quoted } from './asking.ts'
import { type Conversation, converse } from './conversation.ts'

/** Redis and Valkey. RESP2: https://redis.io/docs/latest/develop/reference/protocol-spec/ */
export const askRedis: Ask<RedisQuestion> = (question, target, signal) => {
  const wish = { port: portOf(target, 6379), tls: question.tls, signal }
  return converse(target, wish, conversation => talk(conversation, question))
}

const longestReply = 64 * 1024
/** A wrong password, none where one is wanted, no right to do it. */
const denials = /^(WRONGPASS|NOAUTH|NOPERM|DENIED|ERR (invalid password|AUTH|Client sent AUTH))/

async function talk(conversation: Conversation, { login, role }: RedisQuestion): Promise<Finding> {
  const call = (...words: readonly string[]) => command(conversation, words)
  if (login !== null) {
    const answer = await call('AUTH', ...(login.user === null ? [] : [login.user]), login.password)
    if (answer !== 'OK') throw odd(conversation, answer)
  }
  const pong = await call('PING')
  if (pong !== 'PONG') throw odd(conversation, pong)
  if (role === 'any') return passed('PONG')
  const info = await call('INFO', 'replication')
  const [, found] = /^role:(\w+)\r?$/m.exec(info) ?? []
  if (found === undefined) throw odd(conversation, info)
  // Redis' own word for a replica.
  const shown = found === 'slave' ? 'replica' : found
  if (shown === role) return passed(`PONG, it is a ${role}`)
  return failed('wrong-answer', `it is a ${quoted(shown)}, not a ${role}`)
}

/** One command and its simple or bulk string. Throws what the server says is wrong. */
async function command(conversation: Conversation, words: readonly string[]): Promise<string> {
  const bulks = words.map(word => `$${Buffer.byteLength(word)}\r\n${word}\r\n`)
  conversation.write(`*${words.length}\r\n${bulks.join('')}`)
  const line = await conversation.readLine()
  const rest = line.slice(1)
  if (line.startsWith('+')) return rest
  if (line.startsWith('-')) {
    const reason = denials.test(rest) ? 'denied' : 'wrong-answer'
    throw new ProbeFailure(reason, `${words[0]}: ${quoted(rest)}`)
  }
  const length = /^\$\d{1,6}$/.test(line) ? Number(rest) : longestReply + 1
  if (length > longestReply) throw odd(conversation, line)
  const bytes = await conversation.read(length + 2)
  return Buffer.from(bytes.subarray(0, length)).toString()
}

const odd = (conversation: Conversation, said: string): ProbeFailure =>
  new ProbeFailure('wrong-answer', `${conversation.whom} sent no answer of Redis: ${quoted(said)}`)
