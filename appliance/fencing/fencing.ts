/** From the wish of the guard to the confirmation, over all devices, as often as it takes. */

import type { Patience, PowerDevice } from './power-device.ts'
import { type Outcome, switchOff, wasOff, wentOff, words } from './switching.ts'

export type FencingDeviceHere = {
  readonly name: string
  readonly device: PowerDevice
  /** Milliseconds. */
  readonly delay: number
  readonly timeout: number
}

export type FencingPlan = {
  readonly devices: readonly FencingDeviceHere[]
  readonly action: 'off' | 'reset'
  /**
   * Before a box is switched off that was never heard; null: it is not. Else a box that starts with
   * a dead cable shoots the one that serves, and that one does so in its turn when it is back.
   */
  readonly startWait: number | null
}

/** One use of a device, for the record. */
export type Attempt = {
  readonly device: string
  readonly action: 'off' | 'on'
  readonly outcome: 'confirmed' | 'failed'
  readonly text: string
  /** Milliseconds. */
  readonly took: number
}

const lookEvery = 1000
const roundEvery = 2000
const onTries = 5

/**
 * Ends when a device has confirmed, or the wish is over. Never gives up by itself: whether to go on
 * without a confirmation is the guard's to decide.
 */
export async function fence(
  plan: FencingPlan,
  known: boolean,
  patience: Patience,
  tell: (attempt: Attempt) => void,
): Promise<'confirmed' | 'over'> {
  const began = patience.now()
  // What was too slow to be waited for is our doing all the same.
  const tried = new Set<string>()
  const tellOff = (device: string, outcome: Outcome, since: number): boolean => {
    const { kind } = outcome
    if (kind === 'over') return false
    const took = patience.now() - since
    tell({ device, action: 'off', outcome: kind, text: outcome.text, took })
    return kind === 'confirmed'
  }
  const foundOff = async (some: readonly FencingDeviceHere[], until: number): Promise<boolean> => {
    const found = await waitForOff(some, until, patience)
    const text = found !== null && tried.has(found) ? wentOff : wasOff
    return found !== null && tellOff(found, { kind: 'confirmed', text }, began)
  }
  const notBefore = known ? began : began + (plan.startWait ?? Infinity)
  if (await foundOff(plan.devices, notBefore)) return 'confirmed'
  while (!patience.isOver()) {
    for (const each of plan.devices) {
      if (await foundOff([each], notBefore + each.delay)) return 'confirmed'
      const since = patience.now()
      const outcome = await switchOff(each.device, each.timeout, patience, tried.has(each.name))
      tried.add(each.name)
      if (tellOff(each.name, outcome, since)) return 'confirmed'
    }
    await patience.pause(roundEvery)
  }
  return 'over'
}

/** Who is off already needs no head start, and no time to start. The name of who says so. */
async function waitForOff(
  devices: readonly FencingDeviceHere[],
  until: number,
  patience: Patience,
): Promise<string | null> {
  while (patience.now() < until && !patience.isOver()) {
    for (const { name, device } of devices) {
      try {
        if ((await device.read()) === 'off') return name
      } catch {
        // It is told of when the device is to be used.
      }
    }
    await patience.pause(Math.min(lookEvery, Math.max(1, until - patience.now())))
  }
  return null
}

/** After a reset was confirmed: nobody waits for it, and nothing depends on it. */
export async function switchOn(
  { name, device }: FencingDeviceHere,
  patience: Patience,
): Promise<Attempt> {
  const began = patience.now()
  const done = (outcome: Attempt['outcome'], text: string): Attempt => {
    return { device: name, action: 'on', outcome, text, took: patience.now() - began }
  }
  for (let tries = 1; ; tries += 1) {
    try {
      await device.turn('on')
      return done('confirmed', 'it was switched on again')
    } catch (error) {
      // Just after it went off, many a device refuses.
      if (tries === onTries) return done('failed', words(error))
      await patience.pause(roundEvery)
    }
  }
}
