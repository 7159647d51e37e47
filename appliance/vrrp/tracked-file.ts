import type { FileTracker } from './tracker-config.ts'

/** What stood at the path of a tracked file. */
export type FileSeen =
  | { readonly seen: 'text'; readonly text: string }
  | { readonly seen: 'nothing' }
  | { readonly seen: 'unreadable'; readonly why: string }

export type FileNumber = { readonly number: number; readonly why: string }

/** keepalived's limits of a tracked number; no weight makes sense of more. */
const largest = 2 ** 31 - 1

/**
 * What stands there is no number while somebody writes it (`echo 5 >file` empties the file first),
 * or when whoever writes it is broken. Neither is a reason to move an address, so the last number
 * stays in force. A file that was removed was removed on purpose: then `missing` holds.
 */
export function numberOf(
  seen: FileSeen,
  before: FileNumber | null,
  { missing }: Pick<FileTracker, 'missing'>,
): FileNumber {
  if (seen.seen === 'nothing') return { number: missing, why: `no such file: ${missing}` }
  const kept = before?.number ?? missing
  if (seen.seen === 'unreadable') return { number: kept, why: `${seen.why}; ${kept} stays` }
  const line = seen.text.trim().split('\n', 1)[0]?.trim() ?? ''
  if (line === '') return { number: kept, why: `the file is empty; ${kept} stays` }
  const number = /^[+-]?\d{1,10}$/.test(line) ? Number(line) : Number.NaN
  if (Math.abs(number) <= largest) return { number: number + 0, why: `the file says ${number + 0}` }
  const shown = line.replace(/\p{Cc}/gu, '?').slice(0, 40)
  return { number: kept, why: `"${shown}" is not a whole number; ${kept} stays` }
}

/** keepalived: with no weight, 0 is well and every other number is a fault. */
export const fileState = ({ number }: FileNumber): 'up' | 'down' => (number === 0 ? 'up' : 'down')
