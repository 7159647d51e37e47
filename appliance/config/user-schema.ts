import * as z from 'zod'
import { parseHashed } from '../access/password-text.ts'
import { roles } from '../api/role.ts'
import { choice, matching } from './leaves.ts'
import { key } from './meta.ts'
import { notShown } from './not-shown.ts'

const role = key(
  choice(...roles),
  '`viewer`: looks. `operator`: drain, failover and checks too. `admin`: everything.',
)

const passwordText = 'a password of 8 to 128 characters'

/** Whatever else begins as a hash does is one that was damaged. */
const isInClear = (text: string): boolean =>
  /^[^\p{Cc}]{8,128}$/u.test(text) && !text.startsWith('$scrypt$') && text !== notShown

/** As somebody chooses it. */
export const chosenPassword = z
  .string({ error: passwordText })
  .refine(isInClear, { error: passwordText })
  .meta({ expected: passwordText })

export const user = z
  .strictObject({
    role,
    password: key(
      z
        .string({ error: passwordText })
        .refine(text => parseHashed(text) !== null || isInClear(text), { error: passwordText })
        .meta({ expected: passwordText }),
      'Kept as a hash (scrypt): where it is written in clear, it is hashed before it is stored.',
    ),
  })
  .meta({ id: 'user', title: 'User' })

const timeText = 'a time such as "2027-01-31T00:00:00Z"'

export const expiry = z.iso.datetime({ error: timeText }).meta({ expected: timeText })

export const token = z
  .strictObject({
    role,
    secret: key(
      matching('"sha256:" and 64 hexadecimal digits', /^sha256:[\da-f]{64}$/),
      'The hash of the token. `POST /api/v1/tokens` makes one and shows it once.',
    ),
    expires: key(expiry.optional(), 'Until when it is good.', { otherwise: 'for ever' }),
  })
  .meta({ id: 'token', title: 'API token' })
