import type { IpAddress } from '../values/ip-address.ts'

export type DaemonRole = 'master' | 'backup'

/** A thread of the kernel that sends (master) or takes (backup) connections; each may run once. */
export type SyncDaemon = {
  readonly role: DaemonRole
  readonly interface: string
  /** 0 to 255; a backup takes what bears its own, with 0 everything. */
  readonly id: number
  /** Null, here and below: the kernel's default; 224.0.0.81. */
  readonly group: IpAddress | null
  /** 8848; further channels use the ports after it. */
  readonly port: number | null
  /** 1 */
  readonly ttl: number | null
  /** Bytes of one datagram; what the interface's MTU allows. */
  readonly maxLength: number | null
}
