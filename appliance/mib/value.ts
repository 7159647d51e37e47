import type { Oid } from './oid.ts'

/** The types of SMIv2 (RFC 2578 7.1) that the agent speaks, and what stands where there is none. */
export type Value =
  | { readonly type: 'integer'; readonly value: number }
  | { readonly type: 'octets'; readonly value: Uint8Array }
  | { readonly type: 'oid'; readonly value: Oid }
  | { readonly type: 'counter32' | 'gauge32' | 'ticks'; readonly value: number }
  | { readonly type: 'counter64'; readonly value: number }
  | { readonly type: 'null' }
  | Missing

/** RFC 3416 3: what a variable has instead of a value. */
export type Missing = { readonly type: 'no-such-object' | 'no-such-instance' | 'end-of-view' }

const utf8 = new TextEncoder()
const most32 = 0xffff_ffff

export const integer = (value: number): Value => ({ type: 'integer', value: Math.trunc(value) })
export const octets = (value: Uint8Array): Value => ({ type: 'octets', value })
export const text = (value: string): Value => octets(utf8.encode(value).subarray(0, 255))
export const objectId = (value: Oid): Value => ({ type: 'oid', value })

/** A gauge stays at its most (RFC 2578 7.1.7), a counter begins again (7.1.6). */
export const gauge = (value: number): Value => ({
  type: 'gauge32',
  value: Math.min(most32, Math.max(0, Math.round(value))),
})
export const counter = (value: number): Value => ({ type: 'counter32', value: whole(value) })
export const ticks = (value: number): Value => ({ type: 'ticks', value: whole(value) })
export const counter64 = (value: number): Value => ({ type: 'counter64', value })

/** TruthValue of RFC 2579. The enumerations of KEEPALIVED-MIB that have two words count alike. */
export const truth = (value: boolean): Value => integer(value ? 1 : 2)

const whole = (value: number): number => Math.floor(Math.max(0, value)) % (most32 + 1)
