import type { Finding } from '../health/check.ts'
import type { LdapQuestion } from '../health/question.ts'
import { type Ask, failed, ProbeFailure, passed, portOf, quoted } from './asking.ts'
import { type Conversation, converse } from './conversation.ts'
import { sayAndEnd } from './farewell.ts'
import {
  bindRequest,
  entryRequest,
  type LdapMessage,
  ldapMessage,
  moreLengthBytes,
  operations,
  parseMessage,
  resultWords,
  unbindRequest,
} from './ldap-message.ts'

/** LDAP: a simple bind, then perhaps a look whether an entry is there. Port 389, 636 with TLS. */
export const askLdap: Ask<LdapQuestion> = async (question, target, signal) => {
  const { tls, bind } = question
  // A server takes a name without a password as anonymous (RFC 4513 5.1.2): nothing would be shown.
  if (bind !== null && bind.password === '') {
    return failed(
      'cannot-ask',
      `a bind as ${bind.dn} needs a password: without one it is anonymous`,
    )
  }
  const wish = { port: portOf(target, tls === null ? 389 : 636), tls, signal }
  return converse(target, wish, conversation => talk(conversation, question))
}

const longestMessage = 64 * 1024
/** Credentials, rights, and what is asked for before them. */
const denials: readonly number[] = [7, 8, 13, 48, 49, 50]
const ids = { bind: 1, search: 2, unbind: 3 }

async function talk(conversation: Conversation, question: LdapQuestion): Promise<Finding> {
  const { bind, base } = question
  const who = bind === null ? 'anonymous bind' : `bind as ${bind.dn}`
  conversation.write(ldapMessage(ids.bind, bindRequest(bind?.dn ?? '', bind?.password ?? '')))
  const answer = await receive(conversation, ids.bind)
  if (answer.operation !== operations.bindResponse) throw odd(conversation, 'no answer to a bind')
  expectSuccess(conversation, who, answer)
  if (base !== null) await expectEntry(conversation, base)
  await sayAndEnd(conversation, ldapMessage(ids.unbind, unbindRequest()))
  return passed(base === null ? who : `${who}, ${quoted(base)} is there`)
}

async function expectEntry(conversation: Conversation, base: string): Promise<void> {
  conversation.write(ldapMessage(ids.search, entryRequest(base)))
  let entries = 0
  for (let count = 0; count < 8; count++) {
    const answer = await receive(conversation, ids.search)
    if (answer.operation === operations.searchEntry) entries++
    if (answer.operation !== operations.searchDone) continue
    expectSuccess(conversation, `search of ${quoted(base)}`, answer)
    if (entries > 0) return
    throw new ProbeFailure('wrong-answer', `search of ${quoted(base)}: no entry is shown to us`)
  }
  throw odd(conversation, 'no end of a search')
}

function expectSuccess(conversation: Conversation, at: string, { result }: LdapMessage): void {
  if (result === null) throw odd(conversation, 'an answer without a result')
  if (result.code === 0) return
  const reason = denials.includes(result.code) ? 'denied' : 'wrong-answer'
  const more = result.text === '' ? '' : `, ${quoted(result.text)}`
  throw new ProbeFailure(reason, `${at}: ${resultWords(result.code)}${more}`)
}

async function receive(conversation: Conversation, id: number): Promise<LdapMessage> {
  const [tag = 0, first = 0] = await conversation.read(2)
  const more = moreLengthBytes(first)
  if (tag !== 0x30 || more === null) throw odd(conversation, 'no message', Buffer.of(tag, first))
  const length = more === 0 ? first : Buffer.from(await conversation.read(more)).readUIntBE(0, more)
  if (length > longestMessage) throw odd(conversation, `a message of ${length} bytes`)
  const contents = await conversation.read(length)
  const message = parseMessage(contents)
  if (message === null) throw odd(conversation, 'no message', contents)
  // RFC 4511 4.4.1, notice of disconnection.
  if (message.id === 0 && message.operation === operations.extendedResponse) {
    expectSuccess(conversation, 'the server says goodbye', message)
  }
  if (message.id !== id) throw odd(conversation, 'an answer to something else', contents)
  return message
}

function odd(conversation: Conversation, what: string, bytes?: Uint8Array): ProbeFailure {
  const said = bytes === undefined ? '' : `: ${quoted(bytes)}`
  return new ProbeFailure('wrong-answer', `${conversation.whom} sent ${what} of LDAP${said}`)
}
