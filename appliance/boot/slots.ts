import type { SlotName } from '../status/document.ts'
import type { Environment, SlotState } from './environment.ts'

/**
 * Which slot boots, and what changes that. `choose` is the GRUB script in other words: the two must
 * give the same answer for every environment, so change them together.
 */

/** `diarch.why` on the kernel command line. */
export type SlotReason = 'confirmed' | 'trial' | 'fallback' | 'last' | 'defaults'

export type SlotChoice = {
  readonly slot: SlotName
  readonly why: SlotReason
  /** What GRUB writes before it starts the slot. */
  readonly next: Environment
}

/** In force when neither copy of the environment can be read: as the image leaves the factory. */
export const defaultEnvironment: Environment = { order: 'ab', a: 'ok', b: 'empty', last: 'a' }

const oneTryLess: Partial<Record<SlotState, SlotState>> = { '3': '2', '2': '1', '1': '0' }

export const preferredSlot = (environment: Environment): SlotName =>
  environment.order === 'ab' ? 'a' : 'b'

export const otherSlot = (slot: SlotName): SlotName => (slot === 'a' ? 'b' : 'a')

/** A null environment: both copies were unreadable. */
export const choose = (environment: Environment | null): SlotChoice => {
  if (!environment) return { slot: 'a', why: 'defaults', next: defaultEnvironment }
  const preferred = preferredSlot(environment)
  for (const slot of [preferred, otherSlot(preferred)]) {
    const left = oneTryLess[environment[slot]]
    if (left) return { slot, why: 'trial', next: { ...environment, [slot]: left } }
    if (environment[slot] === 'ok') {
      return { slot, why: slot === preferred ? 'confirmed' : 'fallback', next: environment }
    }
  }
  return { slot: environment.last, why: 'last', next: environment }
}

/** The slot has reached health. The order stays: a fallback that works is still not the wish. */
export const confirm = (environment: Environment, slot: SlotName): Environment => ({
  ...environment,
  [slot]: 'ok',
  last: slot,
})

/** Something is about to be written there: until it is whole, nothing starts it. */
export const emptied = (environment: Environment, slot: SlotName): Environment => {
  const other = otherSlot(slot)
  return { ...environment, order: other === 'a' ? 'ab' : 'ba', [slot]: 'empty', last: other }
}

/** A new version was written to the slot: it is preferred and has three boots to prove itself. */
export const installed = (environment: Environment, slot: SlotName): Environment => {
  const other = otherSlot(slot)
  // What `last` promised was in the overwritten slot; the other one is the safer last resort.
  const last = environment[other] === 'empty' ? slot : other
  return { ...environment, order: slot === 'a' ? 'ab' : 'ba', [slot]: '3', last }
}

/** The slot says of itself that it cannot work. */
export const failed = (environment: Environment, slot: SlotName): Environment => ({
  ...environment,
  [slot]: 'bad',
})

/**
 * The best guess when both copies are damaged and only the kernel command line is left. A slot on
 * trial has another one that works, because nothing is installed from a slot that was not
 * confirmed.
 */
export const environmentOfRunning = (running: SlotName, onTrial: boolean): Environment => {
  const order = running === 'a' ? 'ab' : 'ba'
  const other = otherSlot(running)
  const states = onTrial
    ? { [running]: '1', [other]: 'ok', last: other }
    : { [running]: 'ok', [other]: 'empty', last: running }
  return { ...defaultEnvironment, order, ...states }
}
