import * as z from 'zod'
import { choice, duration, integer } from './leaves.ts'
import { key } from './meta.ts'
import { parseSecret } from './secret.ts'

const passwordText = '1 to 8 ASCII characters'

const secretText = '32 to 64 bytes: as text, or in hexadecimal after "hex:"'

const secret = z
  .string({ error: secretText })
  .transform((text, context): Uint8Array => {
    const bytes = parseSecret(text)
    if (bytes !== null) return bytes
    context.issues.push({ code: 'custom', message: secretText, input: text })
    return z.NEVER
  })
  .meta({ expected: secretText })

const hmacKey = z
  .strictObject({
    id: key(integer(0, 255), 'Goes with each advert, so that the other box knows the key.'),
    secret: key(secret, 'The same on both boxes. `openssl rand -hex 32` makes one.'),
  })
  .meta({ id: 'hmacKey', title: 'HMAC key' })

const hmac = z
  .strictObject({
    keys: key(
      z.array(hmacKey).min(1, { error: 'at least one key' }),
      'Every one is accepted. Several while keys are exchanged.',
      { keepalived: ['auth_hmac', 'key'] },
    ),
    activeKey: key(integer(0, 255).optional(), 'The id of the key that signs.', {
      keepalived: ['active_key'],
      otherwise: 'the first key',
    }),
    mode: key(
      choice('enforce', 'permissive', 'receive-only').prefault('enforce'),
      '`enforce`: takes only signed adverts. `permissive`: signs, and takes unsigned ones too. ' +
        '`receive-only`: does not sign yet, and takes both. A wrong signature is never taken.',
      { keepalived: ['mode'] },
    ),
    window: key(
      duration('1s', '300s').optional(),
      'How far the clocks of the two boxes may be apart. Older adverts are refused as replayed.',
      { keepalived: ['time_window'], otherwise: '3 advert intervals, at least 5s' },
    ),
  })
  .meta({ id: 'hmac', title: 'HMAC' })

const eitherText = '"none", {"password": ...} or {"hmac": ...}'

const secured = z
  .strictObject({
    password: key(
      z
        .string({ error: passwordText })
        .regex(/^[ -~]{1,8}$/, { error: passwordText })
        .meta({ expected: passwordText })
        .optional(),
      'VRRPv2 only. It is sent in clear: it guards against mistakes, not against attackers.',
      { keepalived: ['auth_pass', 'auth_type'] },
    ),
    hmac: key(hmac.optional(), 'Signs every advert (HMAC-SHA-256). For version 2 and 3.', {
      keepalived: ['auth_hmac'],
    }),
  })
  .meta({ id: 'authentication', title: 'Authentication' })

export const authentication = z
  .union([z.literal('none'), secured], { error: eitherText })
  .meta({ expected: eitherText })
