import type { IncomingHttpHeaders, OutgoingHttpHeaders } from 'node:http'
import type { Readable } from 'node:stream'
import type * as z from 'zod'
import type { Caller } from '../../api/caller.ts'
import type { OperationDescription } from '../../api/operation.ts'
import type { FeedEvent } from './change-feed.ts'
import type { Control } from './control.ts'
import type { Refusal } from './problem.ts'

export type Answer =
  | {
      readonly kind: 'json'
      readonly status: 200 | 202
      readonly value: unknown
      readonly headers?: OutgoingHttpHeaders
    }
  /** Of a value that is JSON already. */
  | { readonly kind: 'text'; readonly text: string }
  /** The same in pieces that are kept for the next one who asks. */
  | { readonly kind: 'pieces'; readonly pieces: readonly Uint8Array[] }
  | {
      readonly kind: 'file'
      readonly type: string
      readonly name: string
      readonly bytes: Uint8Array
    }
  | Refusal
  /** Until the reader goes; returns how to end it. */
  | { readonly kind: 'stream'; readonly open: (tell: (event: FeedEvent) => void) => () => void }

/** What has passed the checks that every operation has: path, caller, query, body. */
export type Call<Body = unknown> = {
  /** What stands in the path for its names in braces, in order. */
  readonly names: readonly string[]
  readonly query: Readonly<Record<string, string>>
  readonly body: Body
  readonly caller: Caller
  readonly headers: IncomingHttpHeaders
}

export type Perform<Body = unknown> = (
  control: Control,
  call: Call<Body>,
) => Answer | Promise<Answer>

/** One for each operation of a table, with the body that its schema makes. */
export type PerformersOf<Table extends Readonly<Record<string, OperationDescription>>> = {
  readonly [Id in keyof Table]: Perform<BodyOf<Table[Id]['body']>>
}

type BodyOf<Schema> = Schema extends z.ZodType
  ? z.output<Schema>
  : Schema extends 'bytes'
    ? Readable
    : undefined

export const json = (
  value: unknown,
  status: 200 | 202 = 200,
  headers: OutgoingHttpHeaders = {},
): Answer => ({ kind: 'json', status, value, headers })
