import type { Patience, PowerDevice } from './power-device.ts'

export type Outcome =
  | { readonly kind: 'confirmed'; readonly text: string }
  | { readonly kind: 'failed'; readonly text: string }
  | { readonly kind: 'over' }

const pollEvery = 500
const tryAgainAfter = 2000
/** Whoever has something to take back has said it within this time. */
const settledAfter = 2000

/**
 * Off is what the device itself says when it is asked for the state: that it has taken a request
 * proves nothing. What is off already is left alone.
 */
export async function switchOff(
  device: PowerDevice,
  timeout: number,
  patience: Patience,
  triedBefore = false,
): Promise<Outcome> {
  const until = patience.now() + timeout
  let trouble = ''
  let asked = false
  // A request whose answer is lost may have been obeyed.
  let tried = triedBefore
  while (!patience.isOver()) {
    if (patience.now() >= until) {
      const text = trouble === '' ? stillOn(asked, timeout) : trouble
      return { kind: 'failed', text }
    }
    try {
      if ((await device.read()) === 'off') {
        return { kind: 'confirmed', text: tried ? wentOff : wasOff }
      }
      trouble = ''
    } catch (error) {
      trouble = words(error)
    }
    const unsettled = settledAfter - patience.awakeFor()
    if (!asked && unsettled > 0) {
      await patience.pause(unsettled)
      continue
    }
    // A device that cannot say how things are may still do what it is told.
    if (!asked && !patience.isOver()) {
      tried = true
      try {
        if ((await device.turn('off')) === 'done') {
          return { kind: 'confirmed', text: wentOff }
        }
        asked = true
      } catch (error) {
        trouble = words(error)
        await patience.pause(tryAgainAfter)
        continue
      }
    }
    await patience.pause(pollEvery)
  }
  return { kind: 'over' }
}

export const wasOff = 'it was off already'
export const wentOff = 'it was switched off'

const stillOn = (asked: boolean, timeout: number): string =>
  asked
    ? `it took the request, and after ${timeout / 1000} s still says that the power is on`
    : `it did nothing within ${timeout / 1000} s`

export const words = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).slice(0, 500)
