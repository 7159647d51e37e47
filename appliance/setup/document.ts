import { newestVersion } from '../config/migrations.ts'
import { endpointText } from '../values/endpoint-text.ts'
import { familyOf } from '../values/ip-address.ts'
import { prefixText } from '../values/prefix.ts'
import { consoleOf } from './keyboard-question.ts'
import type { FirstService, Setup } from './setup.ts'

const router = 'VI_1'
const user = 'admin'

/** The first box wins the first election; the second has the default, 100. */
const firstPriority = 150

/** Each has 64 hexadecimal digits. */
export type SetupKeys = {
  /** Of adverts. */
  readonly key: string
  /** Of heartbeats: the second box has them as soon as it joins. */
  readonly guardKey: string
}

/** The document of a box that was set up, as it is written. */
export function setupDocument(setup: Setup, { key, guardKey }: SetupKeys): unknown {
  const { box, hostname, password, virtual, service } = setup
  return {
    schemaVersion: newestVersion,
    cluster: {
      users: { [user]: { role: 'admin', password } },
      ...(virtual === null ? {} : { routers: { [router]: virtualRouter(setup, virtual, key) } }),
      ...(service === null || virtual === null
        ? {}
        : {
            services: {
              web: firstService(service, endpointText(virtual.address.address, service.port)),
            },
          }),
      ...(box === 'single' ? {} : { guard: { secret: `hex:${guardKey}` } }),
    },
    node: {
      hostname,
      network: networkOf(setup),
      ...timeOf(setup),
      ...consoleOf(setup.keyboard),
      ...(virtual === null ? {} : { routers: { [router]: { priority: firstPriority } } }),
    },
  }
}

function virtualRouter(
  { port }: Setup,
  { address, virtualRouterId }: NonNullable<Setup['virtual']>,
  key: string,
): unknown {
  return {
    interface: port,
    virtualRouterId,
    virtualAddresses: [prefixText(address)],
    authentication: { hmac: { keys: [{ id: 1, secret: `hex:${key}` }] } },
  }
}

const firstService = ({ port, forwarding, servers }: FirstService, at: string): unknown => ({
  virtual: [at],
  forwarding,
  servers: Object.fromEntries(
    servers.map((address, index) => [`server${index + 1}`, endpointText(address, port)]),
  ),
})

/** What a box has of its own before it joins another one, which gives it all else. */
export const joinDocument = (place: Place, hostname: string | null): unknown => ({
  schemaVersion: newestVersion,
  cluster: {},
  node: {
    ...(hostname === null ? {} : { hostname }),
    network: networkOf(place),
    ...timeOf(place),
    ...consoleOf(place.keyboard),
  },
})

type Place = Pick<Setup, 'port' | 'address' | 'gateway' | 'time' | 'keyboard'>

/** The port alone: others are given addresses later, when somebody knows what for. */
function networkOf({ port, address, gateway }: Place): unknown {
  const own = address === 'dhcp' ? { dhcp: true } : { addresses: [prefixText(address)] }
  const isIpv6 = address !== 'dhcp' && familyOf(address.address) === 'inet6'
  return {
    interfaces: { [port]: isIpv6 ? { ...own, ipv6: 'static' } : own },
    ...(gateway === null ? {} : { routes: [{ destination: 'default', gateway }] }),
  }
}

const timeOf = ({ time }: Place): object => (time === undefined ? {} : { time })
