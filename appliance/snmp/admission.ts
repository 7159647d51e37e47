import { timingSafeEqual } from 'node:crypto'
import { answerTo } from '../mib/answer.ts'
import { element, integerElement, oidElement, tags } from '../mib/ber.ts'
import {
  communityBytes,
  readMessage,
  readScoped,
  type SecuredMessage,
  scopedBytes,
  securedBytes,
} from '../mib/message.ts'
import type { ObjectTree } from '../mib/object-tree.ts'
import { pduTags, replyBytes } from '../mib/pdu.ts'
import { type AgentCounters, usmStats } from '../mib/system-objects.ts'
import type { Engine } from './engine.ts'
import { decrypted, encrypted, isSignedBy, signatureOf, type User } from './usm.ts'

export type Knowledge = {
  readonly users: ReadonlyMap<string, User>
  readonly communities: readonly Uint8Array[]
  readonly engine: Engine
  readonly counters: AgentCounters
}

/** From somebody who may ask. What is answered depends on what the box is by then. */
export type Admitted =
  | { readonly kind: 'request'; readonly answer: (tree: ObjectTree) => Uint8Array }
  | { readonly kind: 'report'; readonly bytes: Uint8Array }

/** One packet: nothing is put together again on the way, and nobody gets much more than he sent. */
export const mostBytes = 1452
/** What v3 puts around the variables. */
const wrapping = 260
const mostRepetitions = 64

const nothing = new Uint8Array()

/**
 * Null: the packet gets no answer. Whoever has no right gets none, so that nobody can find out
 * who has, and no packet goes to an address that somebody has only borrowed. The one exception is
 * what every program of SNMPv3 has to ask first, the id of the engine.
 */
export function admit(packet: Uint8Array, knowledge: Knowledge): Admitted | null {
  const { counters, communities } = knowledge
  const message = readMessage(packet)
  switch (message.kind) {
    case 'malformed':
      counters.malformed += 1
      return null
    case 'other-version':
      counters.otherVersion += 1
      return null
    case 'community': {
      const { community, request } = message
      if (!communities.some(known => isEqual(known, community))) {
        counters.unknownCommunity += 1
        return null
      }
      const bounds = { bytes: mostBytes - wrapping, repetitions: mostRepetitions }
      return {
        kind: 'request',
        answer: tree => {
          const reply = replyBytes(pduTags.response, answerTo(request, tree, bounds))
          return communityBytes(community, reply)
        },
      }
    }
    case 'secured':
      return admitSecured(packet, message, knowledge)
  }
}

const isEqual = (a: Uint8Array, b: Uint8Array): boolean =>
  a.length === b.length && timingSafeEqual(a, b)

/** The order of RFC 3414 3.2. */
function admitSecured(
  packet: Uint8Array,
  message: SecuredMessage,
  knowledge: Knowledge,
): Admitted | null {
  const { users, engine, counters } = knowledge
  if (!isEqual(message.engineId, engine.id)) {
    counters.unknownEngine += 1
    return message.reportable ? report(message, knowledge, 'unknownEngine', null) : null
  }
  const user = users.get(message.user)
  if (user === undefined) {
    counters.unknownUser += 1
    return null
  }
  if (!message.authenticated || !message.encrypted) {
    counters.tooWeak += 1
    return null
  }
  if (!isSignedBy(user, packet, message)) {
    counters.wrongSignature += 1
    return null
  }
  // From here on we know who asks.
  if (!engine.isInTime(message.boots, message.time)) {
    counters.notInTime += 1
    return message.reportable ? report(message, knowledge, 'notInTime', user) : null
  }
  const data = decrypted(user, message)
  const scoped = data === null ? null : readScoped(data)
  if (scoped === null) {
    counters.notDecrypted += 1
    return null
  }
  const most = Math.max(484, Math.min(mostBytes, message.mostBytes))
  const bounds = { bytes: most - wrapping, repetitions: mostRepetitions }
  return {
    kind: 'request',
    answer: tree => {
      const reply = replyBytes(pduTags.response, answerTo(scoped.request, tree, bounds))
      const time = engine.seconds
      const plain = scopedBytes(engine.id, scoped.context, reply)
      const { salt, data } = encrypted(user, plain, engine.boots, time)
      return signed(message, engine, time, user, { privacy: salt, data, encrypted: true })
    },
  }
}

const reportNumbers = { notInTime: 2, unknownEngine: 4 } as const

/** RFC 3414 3.2: which counter has grown, and with it our id, starts and time. */
function report(
  message: SecuredMessage,
  { engine, counters }: Knowledge,
  what: keyof typeof reportNumbers,
  user: User | null,
): Admitted {
  const variable = element(
    tags.sequence,
    oidElement([...usmStats, reportNumbers[what], 0]),
    integerElement(counters[what], tags.counter32),
  )
  const about = { id: 0, error: 0, errorIndex: 0, variables: [variable] }
  const data = scopedBytes(engine.id, nothing, replyBytes(pduTags.report, about))
  const body = { privacy: nothing, data, encrypted: false }
  return { kind: 'report', bytes: signed(message, engine, engine.seconds, user, body) }
}

function signed(
  { id, user: asked }: SecuredMessage,
  engine: Engine,
  time: number,
  user: User | null,
  body: Readonly<{ privacy: Uint8Array; data: Uint8Array; encrypted: boolean }>,
): Uint8Array {
  const signatureSize = user?.signatureSize ?? 0
  const head = { id, engineId: engine.id, boots: engine.boots, time, user: asked }
  const { bytes, signatureAt } = securedBytes({ ...head, signatureSize, ...body }, mostBytes)
  if (user !== null) bytes.set(signatureOf(user, bytes), signatureAt)
  return bytes
}
