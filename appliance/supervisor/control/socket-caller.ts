import type { IncomingMessage } from 'node:http'
import type { Caller } from '../../api/caller.ts'

/** Whoever may open the control socket may do everything; the name is for the record only. */
export function socketCaller({ headers }: IncomingMessage): Caller {
  const name = headers['x-diarch-user']
  const isName = typeof name === 'string' && /^[\w.@-]{1,64}$/.test(name)
  return { name: isName ? name : 'root', role: 'admin', via: 'socket', from: null }
}
