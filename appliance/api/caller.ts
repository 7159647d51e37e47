import type { Role } from './role.ts'

/** Who asks for an operation. */
export type Caller = {
  /** A user or a token of the configuration; at the control socket, somebody of this box. */
  readonly name: string
  readonly role: Role
  /** `socket`: root, or a member of the group diarch, on the box itself. */
  readonly via: 'socket' | 'session' | 'token'
  /** The address of the client; null at the socket. */
  readonly from: string | null
}

/** How revisions and the audit log name a caller. */
export const callerText = ({ name, via, from }: Caller): string =>
  via === 'socket' ? `${name} (on the box)` : `${name} (${via}, from ${from ?? 'somewhere'})`
