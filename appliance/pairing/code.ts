/**
 * The pairing code: eight digits, since keyboards disagree about everything else. It is good for a
 * few tries and a few minutes, and nothing that a listener hears helps him to guess it.
 */

import { type Duration, minutes } from '../values/duration.ts'

export const codeDigits = 8
export const codeTries = 5
export const codeHolds: Duration = minutes(10)

/** `random`: at least 8 bytes. One in 2^32 / 10^8 is as good as any other. */
export function codeFrom(random: Uint8Array): string {
  const number = random.slice(0, 8).reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n)
  return `${number % 10n ** BigInt(codeDigits)}`.padStart(codeDigits, '0')
}

/** As people read it aloud: `4729-1836`. */
export const codeText = (code: string): string => `${code.slice(0, 4)}-${code.slice(4)}`

/** What somebody typed, with or without the dash; null: it is none. */
export function parseCode(text: string): string | null {
  const digits = text.replaceAll(/[\s-]/g, '')
  return /^\d{8}$/.test(digits) ? digits : null
}
