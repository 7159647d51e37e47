import type { RunningSlot } from '../status/document.ts'
import type { Environment } from './environment.ts'
import type { BootFacts } from './kernel-command-line.ts'
import { otherSlot } from './slots.ts'

const reason = (facts: BootFacts): string => {
  const other = otherSlot(facts.slot).toUpperCase()
  switch (facts.why) {
    case 'confirmed':
      return 'preferred and confirmed'
    case 'trial':
      return 'on trial until the box is healthy'
    case 'fallback':
      return `fallback: slot ${other} did not prove itself`
    case 'last':
      return 'last resort: neither slot is good'
    case 'defaults':
      return 'default: both boot environments were unreadable'
  }
}

/** The environment is null where it is not known; the kernel command line then has the word. */
export const slotStatus = (
  facts: BootFacts,
  environment: Environment | null,
  since: string,
): RunningSlot => {
  const confirmed = environment ? environment[facts.slot] === 'ok' : !facts.onTrial
  const confirmedNow = confirmed && (facts.onTrial || facts.why === 'last')
  return {
    running: facts.slot,
    state: confirmed ? 'confirmed' : 'trial',
    since,
    why: confirmedNow ? 'the box became healthy in this slot' : reason(facts),
  }
}
