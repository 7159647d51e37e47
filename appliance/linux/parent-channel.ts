import type { FromChild, ToChild } from '../status/messages.ts'

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

const beatMs = 1000

/**
 * Says `alive` once a second, and how late the event loop was for it. A loop that turns proves
 * little: `stuck` gives what the child has not got done that it should have, or null.
 */
export const startHeartbeat = (
  channel: ParentChannel,
  stuck: () => string | null = () => null,
): void => {
  let due = performance.now() + beatMs
  setInterval(() => {
    const now = performance.now()
    const why = stuck()
    const lagMs = Math.max(0, Math.round(now - due))
    channel.send({ kind: 'alive', lagMs, ...(why === null ? {} : { stuck: why }) })
    due = now + beatMs
  }, beatMs)
}
