import {
  type Attribute,
  concatenated,
  decodeAttributes,
  encodeAttributes,
  readText,
  text,
  viewOf,
} from './attributes.ts'
import type { Request } from './socket.ts'

/**
 * Generic netlink (include/uapi/linux/genetlink.h): after the netlink header come a command, a
 * version and two bytes of nothing, then attributes. Families have names; their message types are
 * given out by the running kernel.
 */
export const genericHeaderSize = 4

export function genericBody(
  command: number,
  version: number,
  attributes: readonly Attribute[],
): Uint8Array {
  const header = Uint8Array.of(command, version, 0, 0)
  return concatenated([header, encodeAttributes(attributes)])
}

const GENL_ID_CTRL = 16
const CTRL_CMD_GETFAMILY = 3
const CTRL_ATTR_FAMILY_ID = 1
const CTRL_ATTR_FAMILY_NAME = 2

/** For one family the kernel loads the module; for a list of all of them it does not. */
export const askForFamily = (name: string, advice: string): Request => ({
  op: 'CTRL_CMD_GETFAMILY',
  target: name,
  type: GENL_ID_CTRL,
  flags: 0,
  body: genericBody(CTRL_CMD_GETFAMILY, 1, [[CTRL_ATTR_FAMILY_NAME, text(name)]]),
  advice: { ENOENT: advice },
})

/** The message type of a family, from the answer. */
export function decodeFamily(body: Uint8Array): { readonly name: string; readonly type: number } {
  const attributes = decodeAttributes(body.subarray(genericHeaderSize))
  const id = attributes.get(CTRL_ATTR_FAMILY_ID)
  const name = readText(attributes.get(CTRL_ATTR_FAMILY_NAME))
  if (id === undefined || id.length < 2 || name === null) {
    throw new RangeError('an answer about a generic netlink family names none')
  }
  return { name, type: viewOf(id).getUint16(0, true) }
}
