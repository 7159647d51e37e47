import { type Duration, milliseconds } from '../values/duration.ts'
import type { IpAddress } from '../values/ip-address.ts'
import type { LeaseConfig } from './lease-claim.ts'

/** What the two boxes say to each other beside VRRP, and who may lead when they hear nothing. */
export type GuardConfig = {
  /**
   * `availability-first`: silence is death, as in keepalived. `one-owner-first`: a box that hears
   * nothing of the other one leads only while a witness answers it.
   */
  readonly policy: 'availability-first' | 'one-owner-first'
  /** Names of trackers. */
  readonly witnesses: readonly string[]
  /** So many of them have to be up. */
  readonly witnessesNeeded: number
  /** From the moment at which a witness cannot be reached until its tracker is down. */
  readonly witnessTime: Duration
  /** Of each one box at a time can have it: see lease-policy.ts. */
  readonly leases: readonly LeaseConfig[]
  /** Between two heartbeats; so many missing ones in a row are silence. */
  readonly interval: Duration
  readonly missed: number
  /** The longest that a living master may be silent in VRRP. */
  readonly advertTime: Duration
  /** A direct path without a carrier and one missing advert are a dead box. */
  readonly corroborate: boolean
  /** Signs what this box says. */
  readonly secret: Uint8Array
  /** While the secret changes: the other box may sign with it. */
  readonly otherSecret?: Uint8Array
  readonly paths: readonly PathConfig[]
  readonly fencing: FencingRule
}

/** Whether the other box has to be switched off before its place is taken, when it is silent. */
export type FencingRule = {
  readonly policy: 'off' | 'required' | 'attempt'
  /** With `attempt`: its place is taken then all the same. */
  readonly waitAtMost: Duration
}

export type PathConfig = UdpPath | SerialPath

/** A null-modem cable from this box to the other one. */
export type SerialPath = {
  readonly name: string
  /** Below /dev. */
  readonly serial: string
  readonly baud: number
  /** From one heartbeat to the next: a slow line cannot carry all of them. */
  readonly pace: Duration
  /** Three wires have no carrier. */
  readonly direct: false
}

/** From one heartbeat to the next on the slowest path: until then nobody is silent there. */
export const slowest = ({ interval, paths }: GuardConfig): Duration =>
  milliseconds(Math.max(interval, ...paths.filter(isSerial).map(({ pace }) => pace)))

export const isSerial = (path: PathConfig): path is SerialPath => 'serial' in path

/** UDP from this box to the other one. */
export type UdpPath = {
  readonly name: string
  readonly interface: string
  /** Null: whatever address the interface has. */
  readonly source: IpAddress | null
  readonly peer: IpAddress
  readonly port: number
  /** A cable from box to box: when its carrier goes, a box or the cable is dead. */
  readonly direct: boolean
}
