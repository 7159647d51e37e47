import type { Duration } from '../values/duration.ts'
import type { Family, IpAddress } from '../values/ip-address.ts'

/** What an advertisement says, whatever its version. See encode.ts and decode.ts for the bytes. */
export type Advert = {
  readonly version: 2 | 3
  readonly family: Family
  readonly vrid: number
  /** 0: the sender gives up. 255: it owns the addresses. */
  readonly priority: number
  /** Of its sender: whole seconds in v2, hundredths in v3. */
  readonly interval: Duration
  readonly addresses: readonly IpAddress[]
}

/** How an advert is made hard to forge. */
export type Authentication =
  | { readonly kind: 'none' }
  /** RFC 2338 10.5.2, for v2: in clear, it guards against mistakes only. */
  | { readonly kind: 'password'; readonly password: string }
  | HmacAuthentication

export type HmacAuthentication = {
  readonly kind: 'hmac'
  /** Several while keys are exchanged: each is accepted, `activeKey` signs. */
  readonly keys: readonly HmacKey[]
  readonly activeKey: number
  /**
   * `enforce`: signs, takes only signed ones. `permissive`: signs, takes unsigned ones too, but
   * never a wrong signature. `receive-only`: as permissive, and does not sign: the way into it.
   */
  readonly mode: 'enforce' | 'permissive' | 'receive-only'
  /** How far the sender's clock may be from ours. */
  readonly window: Duration
}

export type HmacKey = { readonly id: number; readonly secret: Uint8Array }

/** HMAC-SHA-256, whole (32 bytes): given by the shell, since pure code has no crypto. */
export type HmacSha256 = (secret: Uint8Array, message: Uint8Array) => Uint8Array

/**
 * Of v3 over IPv4. RFC 5798 was read both ways; RFC 9568 5.2.8 says without, keepalived and most of
 * the others say with. Both are taken.
 */
export type ChecksumForm = 'with-pseudo-header' | 'without-pseudo-header'
