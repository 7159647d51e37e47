import type { FromChild, ToChild } from '../status/messages.ts'
import type { Instant } from '../values/duration.ts'

/** A child's end of the IPC channel to the supervisor. */
export type ParentChannel = {
  readonly send: (message: FromChild) => void
  readonly onMessage: (handle: (message: ToChild) => void) => void
  /** The supervisor died or let go of us: there is nobody left to work for. */
  readonly onClose: (handle: () => void) => void
}

export const parentChannel = (program: string): ParentChannel => {
  const send = process.send?.bind(process)
  if (!send) {
    throw new Error(`${program} is started by the supervisor: there is no IPC channel to it here`)
  }
  return {
    // The callback takes the error of a channel that closes meanwhile; `disconnect` follows it.
    send: message => void send(message, undefined, undefined, () => undefined),
    onMessage: handle => process.on('message', message => handle(message as ToChild)),
    onClose: handle => process.on('disconnect', handle),
  }
}

/** Works for the supervisor until it says `stop`, or is gone; `leave` lets go of what is open. */
export function serveParent(
  channel: ParentChannel,
  obey: (message: ToChild) => void,
  leave: () => void,
): void {
  const end = (): void => {
    leave()
    // The channel is written before the process ends, or the parent has gone.
    setImmediate(() => process.exit(0))
  }
  channel.onMessage(message => (message.kind === 'stop' ? end() : obey(message)))
  channel.onClose(end)
  process.on('SIGTERM', end)
  channel.send({ kind: 'ready' })
  startHeartbeat(channel)
}

const beatMs = 1000

/** `since`: it tells one thing that was not done from the next one. */
export type Overdue = { readonly since: Instant; readonly why: string }

/**
 * Says `alive` once a second, and how late the event loop was for it. A loop that turns proves
 * little: `overdue` gives what the child should have done by now, or null. It is told when the same
 * was overdue at the beat before: after a pause of the whole box everything is late at first.
 */
export const startHeartbeat = (
  channel: ParentChannel,
  overdue: () => Overdue | null = () => null,
): void => {
  let due = performance.now() + beatMs
  let before: Overdue | null = null
  setInterval(() => {
    const now = performance.now()
    const late = overdue()
    const isStuck = late !== null && late.since === before?.since
    const lagMs = Math.max(0, Math.round(now - due))
    channel.send({ kind: 'alive', lagMs, ...(isStuck ? { stuck: late.why } : {}) })
    before = late
    due = now + beatMs
  }, beatMs)
}
