import type { SlotName } from '../status/document.ts'
import type { SlotReason } from './slots.ts'

/** What GRUB told this boot. */
export type BootFacts = {
  readonly slot: SlotName
  readonly onTrial: boolean
  readonly why: SlotReason
}

const reasons: readonly string[] = ['confirmed', 'trial', 'fallback', 'last', 'defaults']
const isReason = (word: string | undefined): word is SlotReason =>
  word !== undefined && reasons.includes(word)

/** Null when the kernel was not started from a Diarch slot: the software runs without the image. */
export const bootFacts = (commandLine: string): BootFacts | null => {
  const values = new Map<string, string>()
  for (const word of commandLine.trim().split(/\s+/)) {
    const [, key, value] = /^diarch\.([^=]+)=(.*)$/.exec(word) ?? []
    // The kernel's own rule: the last one counts.
    if (key !== undefined && value !== undefined) values.set(key, value)
  }
  const slot = values.get('slot')
  if (slot !== 'a' && slot !== 'b') return null
  const onTrial = values.get('try') === '1'
  const why = values.get('why')
  return { slot, onTrial, why: isReason(why) ? why : onTrial ? 'trial' : 'confirmed' }
}
