import type { Status, WebStatus } from './document.ts'

/**
 * What the supervisor and its children tell each other over the IPC channel. A closed channel
 * means to a child that its parent died: it releases what it holds and exits.
 */

export type ToChild =
  | { readonly kind: 'status'; readonly status: Status }
  /** Finish what is under way and exit; SIGTERM follows, then SIGKILL. */
  | { readonly kind: 'stop' }

export type FromChild =
  /** The child does its work from now on. `web` says where and with which certificate. */
  | { readonly kind: 'ready'; readonly web?: WebStatus }
  /** Sent once a second. `lagMs` is the worst delay of the child's event loop since then. */
  | { readonly kind: 'alive'; readonly lagMs: number }
