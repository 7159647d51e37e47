/** Its role before it is known how far it is. */
export const starting = 'starting'

/** One of the two boxes of the demo, whatever it runs in. */
export type DemoBox = {
  readonly name: string
  /** Its own, where its page is. */
  readonly address: string
  /** MASTER, BACKUP or FAULT; before that and after, what becomes of it. */
  role(): Promise<string>
  powerOn(): Promise<void>
  /** As when the power fails: nothing is said, nothing is written. */
  powerOff(): Promise<void>
  setPlug(isIn: boolean): Promise<void>
  pause(): Promise<void>
  resume(): Promise<void>
  /** Words of a command that shows its console in a terminal. */
  screen(): Screen
  /** For whoever wants to know why nothing comes of it. */
  lastWords(): string
  /** What its screen shows, as PNG; null where it has no screen. */
  screenshot: ((file: string) => Promise<void>) | null
}

export type Screen =
  | { readonly kind: 'serial'; readonly socket: string }
  | { readonly kind: 'command'; readonly words: readonly string[] }
