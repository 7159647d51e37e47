import {
  type Destination,
  type DestinationAt,
  type DestinationSettings,
  destinationKey,
  type Forwarding,
  type Persistence,
  type Service,
  type ServiceAt,
  type ServiceSettings,
  serviceKey,
  type Tunnel,
} from './service.ts'

/** One message to the kernel. A service takes its destinations along when it is removed. */
export type IpvsOp =
  | {
      readonly kind: 'add-service' | 'change-service'
      readonly service: ServiceAt
      readonly settings: ServiceSettings
    }
  | { readonly kind: 'remove-service'; readonly service: ServiceAt }
  | {
      readonly kind: 'add-destination' | 'change-destination'
      readonly service: ServiceAt
      readonly destination: DestinationAt
      readonly settings: DestinationSettings
    }
  | {
      readonly kind: 'remove-destination'
      readonly service: ServiceAt
      readonly destination: DestinationAt
    }

/**
 * The fewest operations that make the kernel's table the desired one; none when it is. Everything
 * but its place can be changed of a service or a destination where it is, so connections and
 * counters stay. What is new comes before what goes: at no moment does anybody find nothing.
 *
 * Of what is desired twice the first counts. Services that are not desired go if they are `owned`:
 * without further words the whole table is.
 */
export function planTable(
  desired: readonly Service[],
  actual: readonly Service[],
  owned: (at: ServiceAt) => boolean = () => true,
): readonly IpvsOp[] {
  const left = new Map(actual.map(service => [serviceKey(service.at), service]))
  const done = new Set<string>()
  const ops: IpvsOp[] = []
  for (const service of desired) {
    const key = serviceKey(service.at)
    if (done.has(key)) continue
    done.add(key)
    planService(service, left.get(key), ops)
    left.delete(key)
  }
  for (const { at } of left.values()) {
    if (owned(at)) ops.push({ kind: 'remove-service', service: at })
  }
  return ops
}

function planService(wish: Service, there: Service | undefined, ops: IpvsOp[]): void {
  const { at: service, settings } = wish
  if (there === undefined) ops.push({ kind: 'add-service', service, settings })
  else if (!isSameService(settings, there.settings)) {
    ops.push({ kind: 'change-service', service, settings })
  }
  const left = new Map<string, Destination>()
  for (const destination of there?.destinations ?? []) {
    left.set(destinationKey(destination.at), destination)
  }
  const done = new Set<string>()
  for (const { at: destination, settings } of wish.destinations) {
    const key = destinationKey(destination)
    if (done.has(key)) continue
    done.add(key)
    const found = left.get(key)
    left.delete(key)
    if (found === undefined) ops.push({ kind: 'add-destination', service, destination, settings })
    else if (!isSameDestination(settings, found.settings)) {
      ops.push({ kind: 'change-destination', service, destination, settings })
    }
  }
  for (const { at: destination } of left.values()) {
    ops.push({ kind: 'remove-destination', service, destination })
  }
}

function isSameService(a: ServiceSettings, b: ServiceSettings): boolean {
  return (
    a.scheduler === b.scheduler &&
    flagBits(a.schedulerFlags) === flagBits(b.schedulerFlags) &&
    a.onePacket === b.onePacket &&
    isSamePersistence(a.persistence, b.persistence)
  )
}

const flagBits = (flags: readonly number[]): number =>
  flags.reduce((bits, flag) => bits | (1 << flag), 0)

function isSamePersistence(a: Persistence | null, b: Persistence | null): boolean {
  if (a === null || b === null) return a === b
  return a.seconds === b.seconds && a.prefixLength === b.prefixLength && a.engine === b.engine
}

const isSameDestination = (a: DestinationSettings, b: DestinationSettings): boolean =>
  a.weight === b.weight &&
  a.upper === b.upper &&
  a.lower === b.lower &&
  isSameForwarding(a.forwarding, b.forwarding)

function isSameForwarding(a: Forwarding, b: Forwarding): boolean {
  if (a.method !== 'tunnel' || b.method !== 'tunnel') return a.method === b.method
  return isSameTunnel(a.tunnel, b.tunnel)
}

function isSameTunnel(a: Tunnel, b: Tunnel): boolean {
  if (a.type === 'gue' && b.type === 'gue') return a.port === b.port && a.checksum === b.checksum
  if (a.type === 'gre' && b.type === 'gre') return a.checksum === b.checksum
  return a.type === b.type
}
