import { askThrough } from '../../../appliance/probes/direct-route.ts'
import { ipAddress } from '../../../appliance/values/ip-address.ts'
import { asked, tell } from './tell.ts'

/** Asks a virtual address through servers, one after the other, and tells what each run found. */

const { address, port, through } = asked<{
  readonly address: string
  readonly port: number
  readonly through: readonly string[]
}>()
for (const server of through) {
  const target = {
    address: ipAddress(address),
    port,
    through: ipAddress(server),
    source: null,
    interface: null,
    mark: null,
  }
  const question = { kind: 'tcp', tls: null, send: null, expect: null } as const
  tell(await askThrough(question, target, AbortSignal.timeout(1_500)))
}
