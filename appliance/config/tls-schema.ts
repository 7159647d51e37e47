import * as z from 'zod'
import { certificates, hostName } from './check-leaves.ts'
import { flag, integer } from './leaves.ts'
import { key } from './meta.ts'

const wish = z
  .strictObject({
    serverName: key(hostName.optional(), 'The name in the handshake (SNI).', {
      keepalived: ['sni_name', 'enable_sni'],
      otherwise: 'of HTTP: the host, when it is a name; else none',
    }),
    verify: key(
      flag.prefault(false),
      'The certificate has to be good: signed by somebody we trust, and not expired.',
    ),
    name: key(hostName.nullable().optional(), 'And it has to be for this name. `null`: any.', {
      otherwise: 'the name in the handshake',
    }),
    ca: key(certificates.nullable().prefault(null), "Whom we trust. `null`: the system's.", {
      keepalived: ['ca'],
    }),
    leastDaysLeft: key(
      integer(0, 10_000).nullable().prefault(null),
      'Down when the certificate ends in fewer days, verified or not. `null`: never.',
    ),
  })
  .meta({ id: 'tls', title: 'TLS' })

const expected = 'true, false, or an object with more about it'

export const tls = z.union([flag, wish], { error: expected }).prefault(false).meta({ expected })
