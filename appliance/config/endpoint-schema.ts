/** Where services and servers are. */

import * as z from 'zod'
import type { IpAddress } from '../values/ip-address.ts'
import { isMulticast } from '../values/ip-address.ts'
import { endpointPattern, parseAddressRange, parseEndpoint } from './address-range.ts'
import { choice, flag, integer, ipAddress, parsed } from './leaves.ts'
import { key } from './meta.ts'

const rangeText = 'an address, or a range of at most 1024 such as "192.0.2.100-110"'

const addressRange = parsed(rangeText, /^[\da-fA-F.:-]+$/, (text): readonly IpAddress[] | null => {
  const addresses = parseAddressRange(text)
  return addresses?.some(isMulticast) ? null : addresses
})

const endpointText =
  'an endpoint such as "192.0.2.100:80", "[2001:db8::1]:80" or "192.0.2.100-110:80"'

const virtualText = `${endpointText}, or an object with more about it`

const virtualString = parsed(endpointText, endpointPattern, text => {
  const endpoint = parseEndpoint(text)
  return endpoint?.addresses.some(isMulticast) ? null : endpoint
})

const virtualObject = z
  .strictObject({
    address: key(addressRange.optional(), 'One address, or a range of them.', {
      otherwise: 'needed without `mark`',
    }),
    port: key(integer(1, 65_535).optional(), 'Where it listens.', {
      otherwise: 'every port: the service needs persistence',
    }),
    protocol: key(choice('tcp', 'udp', 'sctp').optional(), 'Of this endpoint.', {
      keepalived: ['protocol'],
      otherwise: "the service's",
    }),
    held: key(
      flag.prefault(true),
      'False: no virtual router of this document has the address. It is here by other means.',
    ),
    mark: key(
      integer(1, 4_294_967_295).optional(),
      'Instead of an address: packets that nftables has marked so.',
      { keepalived: ['fwmark'], otherwise: 'none' },
    ),
    family: key(choice('inet', 'inet6').optional(), 'Of the packets with the mark.', {
      keepalived: ['ip_family'],
      otherwise: '`inet`',
    }),
  })
  .meta({ id: 'virtualEndpoint', title: 'Virtual endpoint' })

/** What clients connect to. */
export const virtual = z
  .union([virtualString, virtualObject], { error: virtualText })
  .meta({ expected: virtualText })

const forwardingText = '"nat" or "direct" or "tunnel", or an object with more about the tunnel'

const tunnel = z
  .strictObject({
    tunnel: key(choice('ipip', 'gre', 'gue'), 'What the packets are wrapped in.', {}),
    port: key(integer(1, 65_535).optional(), 'Of UDP, for `gue`, which needs it.', {
      otherwise: 'none',
    }),
    checksum: key(
      choice('none', 'full', 'remote').prefault('none'),
      'Of the wrapping: `full` for `gre` and `gue`, `remote` for `gue`.',
      { keepalived: ['nocsum', 'csum', 'remcsum'] },
    ),
  })
  .meta({ id: 'tunnel', title: 'Tunnel' })

export const forwarding = z
  .union([choice('nat', 'direct', 'tunnel'), tunnel], { error: forwardingText })
  .meta({ expected: forwardingText })

const serverText = 'an endpoint such as "10.0.0.1:80" or "[2001:db8::1]:80"'

type At = { readonly address: IpAddress; readonly port?: number | undefined }

const serverString = parsed(serverText, endpointPattern, (text): At | null => {
  const { addresses: [address, ...others] = [], port = null } = parseEndpoint(text) ?? {}
  if (address === undefined || others.length > 0 || isMulticast(address)) return null
  return port === null ? { address } : { address, port }
})

const where = {
  address: key(ipAddress, 'Of the server.'),
  port: key(integer(1, 65_535).optional(), 'Where it listens.', {
    otherwise: 'the port that the client asked for',
  }),
}

/** A server by its address alone, or an object that says more. */
export function serverAt<const T extends z.ZodRawShape>(more: T, id: string, title: string) {
  const expected = `${serverText}, or an object with more about it`
  const whole = z.strictObject({ ...where, ...more }).meta({ id, title })
  return z.union([serverString, whole], { error: expected }).meta({ expected })
}
