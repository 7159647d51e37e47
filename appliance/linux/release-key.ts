import { createPublicKey, type KeyObject, verify } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { SlotLabel } from '../boot/slot-label.ts'
import type { Signature } from '../boot/upgrade-refusal.ts'

/** The key of those who built what runs (build.sh, DIARCH_SIGNING_KEY); null: they had none. */
export function readReleaseKey(path = '/usr/lib/diarch/release-key'): KeyObject | null {
  try {
    return createPublicKey(readFileSync(path))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  }
}

export function signatureOf({ signed }: SlotLabel, key: KeyObject | null): Signature {
  if (key === null) return 'no-key'
  if (signed === null) return 'missing'
  const { text, signature } = signed
  const isGood = verify(null, Buffer.from(text), key, Buffer.from(signature, 'base64'))
  return isGood ? 'good' : 'bad'
}
