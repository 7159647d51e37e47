import * as fc from 'fast-check'
import {
  type Destination,
  type DestinationAt,
  type DestinationSettings,
  destinationKey,
  type Forwarding,
  type Service,
  type ServiceAt,
  type ServiceSettings,
  serviceKey,
  type Tunnel,
} from '../../appliance/ipvs/service.ts'
import { type Family, familyOf, ipAddress } from '../../appliance/values/ip-address.ts'

/** Tables that a kernel takes, of few places, so that two of them have much in common. */
export const plain: ServiceSettings = {
  scheduler: 'rr',
  schedulerFlags: [],
  persistence: null,
  onePacket: false,
}

export const tcpService = (address: string, port = 80): ServiceAt => ({
  kind: 'address',
  protocol: 'tcp',
  address: ipAddress(address),
  port,
})

export const at = (address: string, port = 80): DestinationAt => ({
  address: ipAddress(address),
  port,
})

export const weighing = (
  weight: number,
  forwarding: Forwarding = { method: 'nat' },
): DestinationSettings => ({ forwarding, weight, upper: 0, lower: 0 })

/** The user-mode kernel of Debian has no ip_vs_twos, ip_vs_wlc is there. */
export const schedulers = 'rr wrr lc wlc lblc lblcr dh sh mh sed nq fo ovf'.split(' ')

const flags = fc.subarray([1, 2, 3] as const)

const settings = (family: Family): fc.Arbitrary<ServiceSettings> =>
  fc.record({
    scheduler: fc.constantFrom(...schedulers),
    schedulerFlags: flags,
    persistence: fc.option(
      fc.record({
        seconds: fc.integer({ min: 1, max: 100_000 }),
        prefixLength: fc.integer({ min: 1, max: family === 'inet' ? 32 : 128 }),
        engine: fc.constantFrom(null, null, 'sip'),
      }),
    ),
    onePacket: fc.boolean(),
  })

const tunnel: fc.Arbitrary<Tunnel> = fc.oneof(
  fc.constant({ type: 'ipip' } as const),
  fc.record({ type: fc.constant('gre' as const), checksum: fc.constantFrom('none', 'full') }),
  fc.record({
    type: fc.constant('gue' as const),
    port: fc.integer({ min: 1, max: 65_535 }),
    checksum: fc.constantFrom('none', 'full', 'remote'),
  }),
)

const tunnelled = tunnel.map((tunnel): Forwarding => ({ method: 'tunnel', tunnel }))
const forwarding: fc.Arbitrary<Forwarding> = fc.oneof(
  fc.constant({ method: 'nat' } as const),
  fc.constant({ method: 'direct' } as const),
  tunnelled,
)

const destinationAt: fc.Arbitrary<DestinationAt> = fc.record({
  address: fc.constantFrom(...['198.51.100.1', '198.51.100.2', '2001:db8::1:1'].map(ipAddress)),
  port: fc.constantFrom(80, 8080),
})

const destination = (family: Family): fc.Arbitrary<Destination> =>
  destinationAt.chain(at =>
    fc.record({
      at: fc.constant(at),
      settings: fc
        .record({
          forwarding: familyOf(at.address) === family ? forwarding : tunnelled,
          weight: fc.constantFrom(0, 1, 100, 65_535, 2 ** 31 - 1),
          upper: fc.constantFrom(0, 10, 2 ** 31),
          lower: fc.constantFrom(0, 5, 10),
        })
        .map(found => ({ ...found, lower: Math.min(found.lower, found.upper) })),
    }),
  )

const serviceAt: fc.Arbitrary<ServiceAt> = fc.oneof(
  fc.record({
    kind: fc.constant('address' as const),
    protocol: fc.constantFrom('tcp', 'udp', 'sctp'),
    address: fc.constantFrom(...['192.0.2.1', '2001:db8::2'].map(ipAddress)),
    port: fc.constantFrom(0, 80),
  }),
  fc.record({
    kind: fc.constant('mark' as const),
    family: fc.constantFrom('inet', 'inet6'),
    mark: fc.constantFrom(1, 2 ** 32 - 1),
  }),
)

export const familyOfService = (at: ServiceAt): Family =>
  at.kind === 'mark' ? at.family : familyOf(at.address)

const service: fc.Arbitrary<Service> = serviceAt.chain(at =>
  fc.record({
    at: fc.constant(at),
    settings: settings(familyOfService(at)),
    destinations: fc.uniqueArray(destination(familyOfService(at)), {
      maxLength: 6,
      selector: ({ at }) => destinationKey(at),
    }),
  }),
)

export const table: fc.Arbitrary<readonly Service[]> = fc.uniqueArray(service, {
  maxLength: 10,
  selector: ({ at }) => serviceKey(at),
})
