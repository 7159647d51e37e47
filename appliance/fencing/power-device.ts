export type PowerState = 'on' | 'off'

/**
 * Something that has power over a box. Each kind is a driver in appliance/fence. What it throws is
 * told to people: whose fault it is, and in whose words.
 */
export type PowerDevice = {
  /** What the device itself says of the power, now. */
  read(): Promise<PowerState>
  /**
   * `asked`: it has taken the request, and only its state will say that it was done. `done`: its
   * word is all that there will be.
   */
  turn(to: PowerState): Promise<'asked' | 'done'>
}

/** How time passes for whoever waits; a pause ends early when nobody wants the outcome any more. */
export type Patience = {
  /** Milliseconds since whenever. */
  now(): number
  pause(milliseconds: number): Promise<void>
  /** The wish is gone: nothing is switched any more. */
  isOver(): boolean
  /** Milliseconds since this process stood still: until then a wish may be gone, unread. */
  awakeFor(): number
}
