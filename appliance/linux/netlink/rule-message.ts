import { addressBytes, type Family, ipAddressFrom } from '../../values/ip-address.ts'
import { type Prefix, prefixText } from '../../values/prefix.ts'
import { AF_INET, AF_INET6 } from '../socket-address.ts'
import {
  type Attribute,
  concatenated,
  decodeAttributes,
  encodeAttributes,
  readUint32,
  uint8,
  uint32,
} from './attributes.ts'
import { type Message, NLM_F_CREATE, NLM_F_EXCL } from './message.ts'
import type { Request } from './socket.ts'

/** "What comes from here, goes there, bears this mark: look into that table." */
export type Rule = {
  readonly family: Family
  readonly from: Prefix | null
  readonly to: Prefix | null
  readonly mark: number | null
  readonly table: number
  /** Lower ones are asked first. */
  readonly preference: number
  /** FRA_PROTOCOL: who put it there. */
  readonly origin: number
}

const RTM_NEWRULE = 32
const RTM_DELRULE = 33
const RTM_GETRULE = 34

/** include/uapi/linux/fib_rules.h */
const FRA_DST = 1
const FRA_SRC = 2
const FRA_PRIORITY = 6
const FRA_FWMARK = 10
const FRA_TABLE = 15
const FRA_PROTOCOL = 21
const FR_ACT_TO_TBL = 1

/** struct fib_rule_hdr */
const headerSize = 12

function body({ family, from, to, mark, table, preference, origin }: Rule): Uint8Array {
  const header = new Uint8Array(headerSize)
  header.set([family === 'inet' ? AF_INET : AF_INET6, to?.length ?? 0, from?.length ?? 0, 0])
  header.set([table < 256 ? table : 0, 0, 0, FR_ACT_TO_TBL], 4)
  const attributes: Attribute[] = [
    [FRA_PRIORITY, uint32(preference)],
    [FRA_TABLE, uint32(table)],
    [FRA_PROTOCOL, uint8(origin)],
  ]
  if (to !== null) attributes.push([FRA_DST, addressBytes(to.address)])
  if (from !== null) attributes.push([FRA_SRC, addressBytes(from.address)])
  if (mark !== null) attributes.push([FRA_FWMARK, uint32(mark)])
  return concatenated([header, encodeAttributes(attributes)])
}

export const addRule = (rule: Rule): Request => ({
  op: 'RTM_NEWRULE',
  target: describe(rule),
  type: RTM_NEWRULE,
  flags: NLM_F_CREATE | NLM_F_EXCL,
  body: body(rule),
  advice: {
    EEXIST: 'Somebody else has the same rule: remove it, or choose another preference.',
    EAFNOSUPPORT: 'This kernel has no rules (CONFIG_IP_MULTIPLE_TABLES).',
    ENOTSUP: 'This kernel has no rules (CONFIG_IP_MULTIPLE_TABLES).',
  },
})

export const removeRule = (rule: Rule): Request => ({
  op: 'RTM_DELRULE',
  target: describe(rule),
  type: RTM_DELRULE,
  flags: 0,
  body: body(rule),
  advice: { ENOENT: 'It was not there.' },
})

/** Of one family, everybody's. */
export const listRules = (family: Family): Request => {
  const header = new Uint8Array(headerSize)
  header[0] = family === 'inet' ? AF_INET : AF_INET6
  return { op: 'RTM_GETRULE', target: family, type: RTM_GETRULE, flags: 0, body: header }
}

/** Null for what only leads somewhere else than to a table. */
export function decodeRule({ body }: Message): Rule | null {
  const family = body[0] === AF_INET ? 'inet' : body[0] === AF_INET6 ? 'inet6' : null
  if (body.length < headerSize || family === null || body[7] !== FR_ACT_TO_TBL) return null
  const attributes = decodeAttributes(body.subarray(headerSize))
  const prefix = (type: number, length: number | undefined): Prefix | null => {
    const bytes = attributes.get(type)
    return bytes === undefined ? null : { address: ipAddressFrom(bytes), length: length ?? 0 }
  }
  return {
    family,
    from: prefix(FRA_SRC, body[2]),
    to: prefix(FRA_DST, body[1]),
    mark: readUint32(attributes.get(FRA_FWMARK)),
    table: readUint32(attributes.get(FRA_TABLE)) ?? body[4] ?? 0,
    preference: readUint32(attributes.get(FRA_PRIORITY)) ?? 0,
    origin: attributes.get(FRA_PROTOCOL)?.[0] ?? 0,
  }
}

function describe({ family, from, to, mark, table, preference }: Rule): string {
  const parts = [
    from === null ? '' : `from ${prefixText(from)} `,
    to === null ? '' : `to ${prefixText(to)} `,
    mark === null ? '' : `mark ${mark} `,
  ]
  return `rule ${preference} (${family}): ${parts.join('')}table ${table}`
}
