/** The kinds of value that only checks are made of. */

import * as z from 'zod'
import type { Payload } from '../health/question.ts'
import { integer, matching, parsed } from './leaves.ts'
import { key } from './meta.ts'

export const text = z.string({ error: 'text in quotes' }).meta({ expected: 'text in quotes' })

const expressionText = 'a regular expression'

export const regularExpression = z
  .string({ error: expressionText })
  .min(1, { error: expressionText, abort: true })
  .refine(compiles, { error: expressionText })
  .meta({ expected: expressionText })

function compiles(text: string): boolean {
  try {
    return new RegExp(text) instanceof RegExp
  } catch {
    return false
  }
}

const payloadText = 'text in quotes, or {"hex": ...}'

const hexadecimal = matching(
  'bytes as hexadecimal digits, such as "00ff"',
  /^([\da-fA-F]{2}){0,1400}$/,
)

const bytes = z
  .strictObject({ hex: key(hexadecimal, 'Two digits for each byte.') })
  .meta({ id: 'payload', title: 'Payload' })

const plainText = z
  .string({ error: payloadText })
  .max(1400, { error: 'text of at most 1400 characters' })
  .meta({ expected: 'text in quotes' })

/** What is sent. */
export const payload = z
  .union([plainText, bytes], { error: payloadText })
  .transform(
    (written): Payload =>
      typeof written === 'string'
        ? { as: 'text', value: written }
        : { as: 'hex', value: written.hex.toLowerCase() },
  )
  .meta({ expected: payloadText })

const statusText = 'a status such as 200, or a range such as "200-299"'

const oneStatus = integer(100, 599).transform((status): Range => [status, status])

const statusRange = parsed(
  'a range such as "200-299"',
  /^[1-5]\d\d-[1-5]\d\d$/,
  (text): Range | null => {
    const [from = 0, to = 0] = text.split('-').map(Number)
    return from <= to ? [from, to] : null
  },
)

type Range = readonly [number, number]

/** Of HTTP. */
export const status = z
  .union([oneStatus, statusRange], { error: statusText })
  .meta({ expected: statusText })

/** RFC 6901 */
export const jsonPointer = matching(
  'a JSON pointer such as "/status"; "" is the whole answer',
  /^(\/([^~/]|~[01])*)*$/,
)

export const hostName = matching('a name of a host, or its address', /^[\w.:[\]-]{1,253}$/)

/** Of a header: a token (RFC 9110 5.6.2). */
export const headerName = matching('the name of a header', /^[\w!#$%&'*+.^`|~-]{1,100}$/)

/** Without line breaks: they would begin another header. */
export const headerValue = matching('text without line breaks', /^[^\0\r\n]{0,4000}$/)

export const urlPath = matching(
  'a path that begins with a slash, without spaces',
  /^\/[!-~]{0,2000}$/,
)

export const digest = matching('an MD5 of 32 hexadecimal digits', /^[\da-fA-F]{32}$/).toLowerCase()

/** Keys with a password or a secret in their name are not repeated in refusals (finding.ts). */
export const password = matching('a password of 1 to 255 characters', /^[^\0]{1,255}$/)

export const account = matching('a name of 1 to 255 characters', /^[^\0\r\n]{1,255}$/)

export const certificates = matching(
  'certificates as PEM: "-----BEGIN CERTIFICATE-----..."',
  /^\s*(-----BEGIN CERTIFICATE-----[\da-zA-Z+/=\s]+-----END CERTIFICATE-----\s*)+$/,
)

/** Without a password of its own: nobody could type it when it is used. */
export const privateKey = matching(
  'a key without a password as PEM: "-----BEGIN PRIVATE KEY-----..."',
  /^\s*-----BEGIN ((EC |RSA )?PRIVATE KEY)-----[\da-zA-Z+/=\s]{1,8000}-----END \1-----\s*$/,
)
