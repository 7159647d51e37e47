/** What the two boxes are told, so that nobody has to type it. */

import { randomBytes, randomInt } from 'node:crypto'
import type { Status } from '../../../appliance/status/document.ts'
import type { LightBox } from './light-box.ts'
import { place, prefix } from './place.ts'

export const user = 'admin'

/** Letters and digits that nobody takes for each other. */
const symbols = 'abcdefghjkmnpqrstuvwxyz23456789'

export const newPassword = (): string =>
  Array.from({ length: 3 }, () =>
    Array.from({ length: 4 }, () => symbols[randomInt(symbols.length)]).join(''),
  ).join('-')

/** For the boxes in QEMU, as docs/guides/unattended.md says it. */
export const answersFor = (password: string): readonly [object, object] => {
  const code = String(randomInt(10 ** 8)).padStart(8, '0')
  const [first, second] = place.boxes
  return [
    {
      box: 'first',
      hostname: 'box1',
      address: prefix(first),
      password,
      virtual: { address: prefix(place.virtual), virtualRouterId: place.virtualRouterId },
      service: { port: 80, forwarding: 'direct', servers: place.servers },
      pairing: { code },
    },
    {
      box: 'second',
      hostname: 'box2',
      address: prefix(second),
      pairing: { code, peer: first },
    },
  ]
}

/** The same without the image, by the control API of the boxes. */
export const pairUp = async (
  [first, second]: readonly [LightBox, LightBox],
  { password, hasIpvs }: { readonly password: string; readonly hasIpvs: boolean },
): Promise<void> => {
  const router = {
    interface: 'eth0',
    virtualRouterId: place.virtualRouterId,
    virtualAddresses: [prefix(place.virtual)],
    authentication: {
      hmac: { keys: [{ id: 1, secret: `hex:${randomBytes(32).toString('hex')}` }] },
    },
  }
  const servers = Object.fromEntries(
    place.servers.map((address, index) => [`web${index + 1}`, `${address}:80`]),
  )
  const web = { virtual: [`${place.virtual}:80`], forwarding: 'direct', servers }
  const cluster = {
    users: { [user]: { role: 'admin', password } },
    routers: { VI_1: router },
    ...(hasIpvs ? { services: { web } } : {}),
  }
  const node = { hostname: first.name, routers: { VI_1: { priority: 150 } } }
  const document = { schemaVersion: 2, cluster, node }
  await first.ask('POST', 'configuration/changes', { document })
  const { code } = await first.ask<{ readonly code: string }>('POST', 'pair/code')
  await second.ask('POST', 'pair/join', { peer: first.address, code })
}

/** Its supervisor answers, with all of its processes. */
export const isUp = async (box: LightBox): Promise<boolean> => {
  const status = await box.ask<Status>('GET', 'status').catch(() => null)
  return status !== null && status.web !== null && status.health.state !== 'starting'
}
