import type * as z from 'zod'
import type { ProblemReason } from './reasons.ts'
import type { Role } from './role.ts'

/**
 * One operation of the control API, as everybody sees it: the sockets serve it, OpenAPI describes
 * it, `web` lets it through or not. What it does is in supervisor/.
 */
export type OperationDescription = {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  /** With names in braces: `/api/v1/routers/{router}/failover`. */
  readonly path: string
  /** One line for people. */
  readonly summary: string
  /** `nobody`: it needs no login. */
  readonly role: Role | 'nobody'
  /** Null: it takes none. `bytes`: a file, which is not JSON, and too long to be kept in memory. */
  readonly body: z.ZodType | 'bytes' | null
  /** Of the query string, all of them texts that may be left out, with their meanings. */
  readonly query: Readonly<Record<string, string>>
  readonly answer:
    | { readonly kind: 'json'; readonly status: 200 | 202; readonly schema: z.ZodType }
    /** Server-sent events. */
    | { readonly kind: 'stream' }
    | { readonly kind: 'file'; readonly type: string }
  /** The reason tokens of its own refusals; those that any operation may have are not here. */
  readonly problems: readonly ProblemReason[]
}
