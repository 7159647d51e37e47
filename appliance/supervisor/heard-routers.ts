import { setTimeout as wait } from 'node:timers/promises'
import { Interfaces } from '../linux/interfaces.ts'
import { type Datagram, RawIpSocket } from '../linux/raw-ip-socket.ts'
import type { HeardRouter } from '../status/heard-router.ts'
import { type Duration, seconds } from '../values/duration.ts'
import type { Family } from '../values/ip-address.ts'
import { protocolNumber, uint8, usualGroup, vridOf } from '../vrrp/advert-layout.ts'

/** keepalived's usual interval is a second. */
const listenFor: Duration = seconds(3)

const families = ['inet', 'inet6'] as const

let listening: Promise<readonly HeardRouter[]> | null = null

/**
 * Listens a while on every port: a new router must not take an id that somebody has. Whoever asks
 * meanwhile hears what this one does: many who ask cost no more sockets.
 */
export function hearRouters(forTime = listenFor): Promise<readonly HeardRouter[]> {
  listening ??= listen(forTime).finally(() => {
    listening = null
  })
  return listening
}

async function listen(forTime: Duration): Promise<readonly HeardRouter[]> {
  const found = new Map<string, HeardRouter>()
  const table = Interfaces.open(() => {})
  const ports = table.all().filter(({ name, up }) => up && name !== 'lo')
  table.close()
  const sockets = ports.flatMap(({ name, index }) =>
    families.flatMap(family => {
      const socket = opened(family, { name, index })
      if (socket === null) return []
      const heard = (datagram: Datagram): void => {
        const vrid = vridOf(datagram.payload)
        if (vrid === null || vrid === 0) return
        const { source, payload } = datagram
        const router = { interface: name, vrid, family, source, priority: uint8(payload, 2) }
        found.set(`${name} ${family} ${vrid} ${source}`, router)
      }
      socket.onReadable(() => socket.drain(heard))
      return [socket]
    }),
  )
  await wait(forTime)
  for (const socket of sockets) socket.close()
  return [...found.values()]
}

/** Null where the interface has none of this family. */
function opened(
  family: Family,
  on: { readonly name: string; readonly index: number },
): RawIpSocket | null {
  try {
    return RawIpSocket.open({
      protocol: protocolNumber,
      interface: on,
      family,
      groups: [usualGroup[family]],
      ttl: 255,
      leastTtl: 255,
    })
  } catch {
    return null
  }
}
