import type { Role } from '../../api/role.ts'
import type { Status } from '../../status/document.ts'

/** Who has logged in. */
export type Person = { readonly user: string; readonly role: Role }

/** What the menu knows while it asks. */
export type MenuFacts = {
  /** Null before the supervisor has said anything. */
  readonly status: Status | null
  /** Null: nobody has logged in. */
  readonly person: Person | null
  /** Of the configuration; null: it has not been asked for. */
  readonly network: WrittenNetwork | null
}

/** `node.network` as somebody has written it; empty: nothing is said of it, and DHCP is asked. */
export type WrittenNetwork = {
  readonly interfaces?: Readonly<Record<string, WrittenInterface>>
  readonly routes?: readonly WrittenRoute[]
  readonly dns?: { readonly servers?: readonly string[] }
}

export type WrittenInterface = {
  readonly addresses?: readonly string[]
  readonly dhcp?: boolean
}

export type WrittenRoute = { readonly destination: string; readonly gateway: string }

export const hostOf = ({ status }: MenuFacts): string => status?.hostname ?? 'this box'
