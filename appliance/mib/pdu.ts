import { type BerReader, element, integerElement, oidElement, tags } from './ber.ts'
import type { Oid } from './oid.ts'
import type { Value } from './value.ts'

/** RFC 3416 3. */
export const pduTags = {
  get: 0xa0,
  getNext: 0xa1,
  response: 0xa2,
  set: 0xa3,
  getBulk: 0xa5,
  trap: 0xa7,
  report: 0xa8,
} as const

/** RFC 3416 3: `error-status`. */
export const errorStatus = { noError: 0, tooBig: 1, genErr: 5, notWritable: 17 } as const

export type Request = {
  readonly kind: 'get' | 'getNext' | 'getBulk' | 'set'
  readonly id: number
  /** Of GETBULK, else 0. */
  readonly nonRepeaters: number
  readonly maxRepetitions: number
  readonly names: readonly Oid[]
}

export type Variable = { readonly name: Oid; readonly value: Value }

/** More in one request is no monitoring. */
const mostNames = 256

/** Null: it is none, or broken. */
export function readRequest(reader: BerReader): Request | null {
  const kind = kinds.get(reader.tag)
  if (kind === undefined) return null
  const inside = reader.sequence(reader.tag)
  const id = inside.integer()
  const nonRepeaters = inside.integer()
  const maxRepetitions = inside.integer()
  const variables = inside.sequence()
  const names: Oid[] = []
  while (!variables.isEmpty) {
    const variable = variables.sequence()
    names.push(variable.oid())
    variable.skip()
    if (names.length > mostNames) return null
  }
  if (reader.failed) return null
  const isBulk = kind === 'getBulk'
  return {
    kind,
    id,
    nonRepeaters: isBulk ? Math.max(0, nonRepeaters) : 0,
    maxRepetitions: isBulk ? Math.max(0, maxRepetitions) : 0,
    names,
  }
}

const kinds = new Map<number, Request['kind']>([
  [pduTags.get, 'get'],
  [pduTags.getNext, 'getNext'],
  [pduTags.getBulk, 'getBulk'],
  [pduTags.set, 'set'],
])

export type Reply = {
  readonly id: number
  readonly error: number
  /** The variable that is at fault, from 1; 0: none. */
  readonly errorIndex: number
  readonly variables: readonly Uint8Array[]
}

export const replyBytes = (tag: number, { id, error, errorIndex, variables }: Reply): Uint8Array =>
  element(
    tag,
    integerElement(id),
    integerElement(error),
    integerElement(errorIndex),
    element(tags.sequence, ...variables),
  )

export const variableBytes = ({ name, value }: Variable): Uint8Array =>
  element(tags.sequence, oidElement(name), valueBytes(value))

function valueBytes(value: Value): Uint8Array {
  switch (value.type) {
    case 'integer':
      return integerElement(value.value)
    case 'octets':
      return element(tags.octets, value.value)
    case 'oid':
      return oidElement(value.value)
    case 'counter32':
    case 'gauge32':
    case 'ticks':
    case 'counter64':
      return integerElement(value.value, tags[value.type])
    case 'null':
      return element(tags.null)
    case 'no-such-object':
      return element(tags.noSuchObject)
    case 'no-such-instance':
      return element(tags.noSuchInstance)
    case 'end-of-view':
      return element(tags.endOfView)
  }
}
