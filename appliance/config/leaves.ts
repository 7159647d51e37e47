/**
 * The kinds of value that the document is made of. Each says in one phrase what it expects: the
 * refusal and the reference page use the same words.
 */

import * as z from 'zod'
import { type Duration, milliseconds } from '../values/duration.ts'
import { isMulticast, parseIpAddress } from '../values/ip-address.ts'
import { type Prefix, parsePrefix } from '../values/prefix.ts'
import { durationPattern, parseDuration } from './duration-text.ts'
import { isNetwork } from './network.ts'
import './meta.ts'

export function integer(least: number, most: number) {
  const expected = `a whole number from ${least} to ${most}`
  const error = expected
  return z.int({ error }).min(least, { error }).max(most, { error }).meta({ expected })
}

export const flag = z.boolean({ error: 'true or false' }).meta({ expected: 'true or false' })

export function choice<const T extends readonly (string | number)[]>(...values: T) {
  const expected = values.map(value => JSON.stringify(value)).join(' or ')
  return z.literal(values, { error: expected }).meta({ expected })
}

/** Text that becomes something else; null from `parse` refuses it. */
export function parsed<T>(expected: string, pattern: RegExp, parse: (text: string) => T | null) {
  return z
    .string({ error: expected })
    .regex(pattern, { error: expected, abort: true })
    .transform((text, context): T => {
      const value = parse(text)
      if (value !== null) return value
      context.issues.push({ code: 'custom', message: expected, input: text })
      return z.NEVER
    })
    .meta({ expected })
}

export const matching = (expected: string, pattern: RegExp) =>
  z.string({ error: expected }).regex(pattern, { error: expected }).meta({ expected })

export function duration(least: string, most: string) {
  const [from, to] = [milliseconds(limit(least)), milliseconds(limit(most))]
  const expected = `a time from "${least}" to "${most}"`
  return parsed(expected, durationPattern, (text): Duration | null => {
    const value = parseDuration(text)
    return value !== null && value >= from && value <= to ? value : null
  })
}

/** For what the kernel counts in seconds. */
export function wholeSeconds(least: string, most: string) {
  const [from, to] = [milliseconds(limit(least)), milliseconds(limit(most))]
  const expected = `a time from "${least}" to "${most}" in whole seconds`
  return parsed(expected, durationPattern, (text): Duration | null => {
    const value = parseDuration(text)
    return value !== null && value >= from && value <= to && value % 1000 === 0 ? value : null
  })
}

function limit(text: string): Duration {
  const value = parseDuration(text)
  if (value === null) throw new TypeError(`"${text}" is no time`)
  return value
}

/** Of a router, a sync group, a tracker: it stands in logs, FIFO lines and arguments of hooks. */
export const name = matching(
  'a name of 1 to 64 letters, digits and ". _ : -", no sign first',
  /^[A-Za-z0-9][\w.:-]{0,63}$/,
)

/** Of something that the document has elsewhere. */
export const nameOf = (refersTo: Exclude<z.GlobalMeta['refersTo'], undefined>) =>
  name.meta({ refersTo })

/** What the kernel takes (dev_valid_name). */
export const interfaceName = matching(
  'the name of an interface, 1 to 15 characters',
  /^(?!\.{1,2}$)[!-.0-9;-~]{1,15}$/,
).meta({ refersTo: 'interfaces' })

/** Of an IPv4 address, as `ip` shows it. */
export const label = matching(
  'a label of 1 to 15 characters without space and "/"',
  /^[!-.0-~]{1,15}$/,
)

export const ipAddress = parsed(
  'an IP address such as "192.0.2.1" or "2001:db8::1"',
  /^[\da-fA-F.:]+$/,
  text => {
    const address = parseIpAddress(text)
    return address === null || isMulticast(address) ? null : address
  },
)

export const multicastAddress = parsed(
  'a multicast address such as "224.0.0.18" or "ff02::12"',
  /^[\da-fA-F.:]+$/,
  text => {
    const address = parseIpAddress(text)
    return address !== null && isMulticast(address) ? address : null
  },
)

const prefixPattern = /^[\da-fA-F.:]+(\/\d{1,3})?$/

/** Of an interface: the address keeps the bits behind the network. */
export const interfaceAddress = parsed(
  'an address with the length of its network, such as "192.0.2.100/24"',
  prefixPattern,
  (text): Prefix | null => {
    const prefix = parsePrefix(text)
    if (prefix === null || prefix.length === 0 || isMulticast(prefix.address)) return null
    return /^(0\.0\.0\.0|::)$/.test(prefix.address) ? null : prefix
  },
)

export const network = parsed(
  'a network such as "198.51.100.0/24", with no bits set behind its length',
  prefixPattern,
  (text): Prefix | null => {
    const prefix = parsePrefix(text)
    return prefix !== null && isNetwork(prefix) ? prefix : null
  },
)

export const absolutePath = matching(
  'an absolute path, which begins with a slash',
  /^\/[^\0\n]{0,4094}$/,
)

export const user = matching('a name of a user', /^[A-Za-z_][\w.-]{0,31}$/)

const commandText = 'a list: the absolute path of a program, and its arguments'

/** Started as it is: no shell reads it. */
export const command = z
  .tuple([absolutePath], z.string({ error: 'an argument in quotes' }), { error: commandText })
  .meta({ expected: commandText })
