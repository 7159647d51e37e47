import type { AlarmText } from './alarm-text.ts'
import type { Environment, SlotState } from './environment.ts'
import type { BootFacts } from './kernel-command-line.ts'
import { otherSlot, preferredSlot } from './slots.ts'

const failure: Partial<Record<SlotState, string>> = {
  '0': 'did not reach health in any of its tries',
  bad: 'reported that it cannot work',
  empty: 'holds no system',
}

/**
 * Null for a slot that was not passed over, but waits for the next boot. One that should have been
 * started and was not could not be read: GRUB then goes on to the next.
 */
const reasonPassedOver = ({ why }: BootFacts, state: SlotState): string | null => {
  const chosenInstead = why === 'fallback' || why === 'last'
  return failure[state] ?? (chosenInstead && state !== '3' ? 'could not be read by GRUB' : null)
}

/** What the choice of the slot means for the operator. `version` is the one that runs. */
export const slotAlarms = (
  facts: BootFacts,
  environment: Environment,
  version: string,
): AlarmText[] => {
  const { slot, onTrial } = facts
  const preferred = preferredSlot(environment)
  const passedOver = reasonPassedOver(facts, environment[preferred])
  const runs = `Version ${version} runs from slot ${slot.toUpperCase()}`
  if (slot !== preferred && passedOver) {
    const name = `slot ${preferred.toUpperCase()}`
    const why = `because ${name}, which was to run, ${passedOver}`
    const advice = `Install a version that works into ${name}.`
    return [{ reason: 'slot-fallback', message: `${runs}, ${why}. ${advice}` }]
  }
  const ownFailure = failure[environment[slot]]
  if (slot === preferred && !onTrial && ownFailure) {
    const other = otherSlot(slot)
    const otherFailure = failure[environment[other]] ?? 'was not chosen'
    const why = `it ${ownFailure}, and slot ${other.toUpperCase()} ${otherFailure}`
    const advice = 'Install a version that works, or flash the box again.'
    const message = `${runs} for want of a better: ${why}. ${advice}`
    return [{ reason: 'slot-last-resort', message }]
  }
  return []
}
