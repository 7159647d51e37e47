/** Of vrrpd: the file of a flight, piece by piece, and at its end what it is about. */
export type FromFlight =
  /** In Base64. */
  | { readonly kind: 'flight-part'; readonly number: number; readonly bytes: string }
  | ({ readonly kind: 'flight-end' } & FlightNote)

export type FlightNote = {
  readonly number: number
  /** When the first of it happened: ISO 8601, UTC. */
  readonly at: string
  /** Routers. */
  readonly about: readonly string[]
  readonly why: string
}

/** To vrrpd: the number that its next flight has. */
export type ToFlight = { readonly kind: 'next-flight'; readonly number: number }
