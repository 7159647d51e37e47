import fc from 'fast-check'
import { pair } from './pair.ts'

/** A key of HMAC, as the document has it. */
export const hmacKey = (id: number, text: string) => ({ id, secret: text.padEnd(32, '.') })

/** Documents that are good, with secrets in all kinds of places, and names that are in the way. */
export const writtenDocument: fc.Arbitrary<unknown> = fc
  .record({
    priority: fc.integer({ min: 1, max: 254 }),
    signed: fc.boolean(),
    password: fc.stringMatching(/^[ -~]{1,8}$/),
    keys: fc.uniqueArray(fc.integer({ min: 0, max: 9 }), { minLength: 1, maxLength: 4 }),
    keyText: fc.constantFrom('one', 'other'),
    servers: fc.record(
      {
        password: fc.constantFrom('10.0.0.1:80', '10.0.0.2:80'),
        secret: fc.constantFrom('10.0.0.3:80', '10.0.0.4:80'),
        a: fc.constantFrom('10.0.0.5:80', '10.0.0.6:80'),
      },
      { requiredKeys: [], noNullPrototype: true },
    ),
    login: fc.stringMatching(/^[ -~]{1,12}$/),
    token: fc.stringMatching(/^[!-~]{1,12}$/),
    addresses: fc.shuffledSubarray(['192.0.2.100/24', '192.0.2.101/24', '192.0.2.102/24'], {
      minLength: 1,
    }),
  })
  .map(({ priority, signed, password, keys, keyText, servers, login, token, addresses }) =>
    pair({
      router: {
        version: 2,
        priority,
        virtualAddresses: addresses,
        authentication: signed
          ? { hmac: { keys: keys.map(id => hmacKey(id, `${keyText}${id}`)) } }
          : { password },
      },
      cluster: {
        checks: {
          db: { kind: 'mysql', login: { user: 'diarch', password: login } },
          secret: { kind: 'http', headers: { Authorization: token, Accept: '*/*' } },
        },
        services: {
          web: { virtual: [{ address: '192.0.2.9', port: 80, held: false }], servers },
        },
      },
    }),
  )
