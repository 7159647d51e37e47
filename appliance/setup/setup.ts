import type { KeyboardLayout } from '../config/console-schema.ts'
import type { TimePart } from '../config/parts.ts'
import type { IpAddress } from '../values/ip-address.ts'
import type { Prefix } from '../values/prefix.ts'

/** What somebody has to say before a box is of use; all else has a default. */
export type Setup = {
  /** `first` of a pair, or `single`: it stays alone. */
  readonly box: 'first' | 'single'
  /** The port with the box's own address; virtual addresses go there too. */
  readonly port: string
  readonly address: Prefix | 'dhcp'
  /** Null: by DHCP, or none. */
  readonly gateway: IpAddress | null
  readonly hostname: string
  readonly password: string
  /** Without it as the configuration's schema has it. */
  readonly time?: TimePart
  /** The same. */
  readonly keyboard?: KeyboardLayout
  /** Null: later. */
  readonly virtual: { readonly address: Prefix; readonly virtualRouterId: number } | null
  /** Null: later. */
  readonly service: FirstService | null
}

export type FirstService = {
  readonly port: number
  readonly forwarding: 'direct' | 'nat'
  readonly servers: readonly IpAddress[]
}

/** The second box learns all else from the first. */
export type Join = {
  readonly box: 'second'
  readonly port: string
  readonly address: Prefix | 'dhcp'
  readonly gateway: IpAddress | null
  /** With a port where that is not the usual one. */
  readonly peer: string
  readonly code: string
  readonly keyboard?: KeyboardLayout
}
