/** What clients connect to: an address of a virtual_server, or the lines of its group. */

import type { Endpoint, WholeService } from '../config/whole-service.ts'
import type { Protocol } from '../ipvs/service.ts'
import { type Family, type IpAddress, parseIpAddress } from '../values/ip-address.ts'

/** What one virtual_server can have: one protocol and one family. */
export type Part = {
  readonly protocol: Protocol
  readonly family: Family
  readonly endpoints: readonly Endpoint[]
}

export function partsOf({ endpoints, service }: WholeService): readonly Part[] {
  const parts = new Map<string, Part & { readonly endpoints: Endpoint[] }>()
  for (const endpoint of endpoints) {
    const { at, family } = endpoint
    const protocol = at.kind === 'mark' ? service.protocol : at.protocol
    const key = `${protocol} ${family}`
    const part = parts.get(key) ?? { protocol, family, endpoints: [] }
    parts.set(key, part)
    part.endpoints.push(endpoint)
  }
  return [...parts.values()]
}

/** `192.0.2.100 80`, `fwmark 7`, `192.0.2.100-110 80` */
export function endpointLines({ endpoints }: Part): readonly string[] {
  const lines: string[] = []
  let run: { from: IpAddress; to: IpAddress; port: number } | null = null
  const close = (): void => {
    if (run === null) return
    const { from, to, port } = run
    const last = to.slice(to.search(/[^.:]*$/))
    lines.push(`${from === to ? from : `${from}-${last}`}${port === 0 ? '' : ` ${port}`}`)
    run = null
  }
  for (const { at } of endpoints) {
    if (at.kind === 'address') {
      const { address, port } = at
      const now = run as { from: IpAddress; to: IpAddress; port: number } | null
      if (now !== null && now.port === port && after(now.to) === address) {
        run = { ...now, to: address }
        continue
      }
      close()
      run = { from: address, to: address, port }
    } else {
      close()
      lines.push(`fwmark ${at.mark}`)
    }
  }
  close()
  return lines
}

/** The next one that differs in the last part only: keepalived's ranges reach no further. */
function after(address: IpAddress): IpAddress | null {
  const at = address.search(/[^.:]*$/)
  const [radix, most] = address.includes(':') ? [16, 0xffff] : [10, 255]
  const next = Number.parseInt(address.slice(at) || '0', radix) + 1
  return next > most ? null : parseIpAddress(`${address.slice(0, at)}${next.toString(radix)}`)
}
