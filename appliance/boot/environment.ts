import type { SlotName } from '../status/document.ts'

/**
 * The boot environment: which slot GRUB tries next. GRUB reads and writes this block itself, so the
 * format is GRUB's (`grub-editenv`), and the values are words that its script can compare:
 *
 *     offset 0     # GRUB Environment Block\n
 *             25   magic=diarch1\n
 *                  order=ab\n           the preferred slot first
 *                  a=ok\n               see SlotState
 *                  b=3\n
 *                  last=a\n             the slot that was confirmed last
 *                  ##########...        padding to 1024 bytes
 *
 * Trap: GRUB refuses a block of any other size, and it never grows the file. Our lines must end
 * within the first 512 bytes: a disk writes one sector whole or not at all.
 */

/**
 * `ok`: confirmed. `3`, `2`, `1`: on trial, so many boots left. `0`: the trial is used up.
 * `bad`: it reported its own failure. `empty`: nothing was ever installed.
 */
export type SlotState = 'ok' | '3' | '2' | '1' | '0' | 'bad' | 'empty'

export type Environment = {
  readonly order: 'ab' | 'ba'
  readonly a: SlotState
  readonly b: SlotState
  readonly last: SlotName
}

/** Why a block is refused, in the order in which it is looked at. */
export type EnvironmentDamage =
  | 'size'
  | 'signature'
  | 'byte'
  | 'line'
  | 'beyond-sector'
  | 'duplicate'
  | 'missing'
  | 'magic'
  | 'order'
  | 'slot-state'
  | 'last'

export type DecodedEnvironment =
  | { readonly ok: true; readonly environment: Environment }
  | { readonly ok: false; readonly reason: EnvironmentDamage }

export const environmentSize = 1024
const sectorSize = 512
const signature = '# GRUB Environment Block\n'
const newline = 0x0a
const keys = ['magic', 'order', 'a', 'b', 'last'] as const
const slotStates: readonly string[] = ['ok', '3', '2', '1', '0', 'bad', 'empty']

export const encodeEnvironment = (environment: Environment): Uint8Array => {
  const { order, a, b, last } = environment
  const text = `${signature}magic=diarch1\norder=${order}\na=${a}\nb=${b}\nlast=${last}\n`
  const block = new Uint8Array(environmentSize).fill('#'.charCodeAt(0))
  for (let i = 0; i < text.length; i++) block[i] = text.charCodeAt(i)
  return block
}

const refused = (reason: EnvironmentDamage): DecodedEnvironment => ({ ok: false, reason })

const isOrder = (word: string): word is Environment['order'] => word === 'ab' || word === 'ba'
const isSlotState = (word: string): word is SlotState => slotStates.includes(word)
const isSlotName = (word: string): word is SlotName => word === 'a' || word === 'b'

/** Keys that are not ours are skipped: a newer version may have added them before it fell back. */
export const decodeEnvironment = (block: Uint8Array): DecodedEnvironment => {
  if (block.length !== environmentSize) return refused('size')
  const text = Array.from(block, byte => String.fromCharCode(byte)).join('')
  if (!text.startsWith(signature)) return refused('signature')
  if (block.some(byte => byte !== newline && (byte < 0x20 || byte > 0x7e))) return refused('byte')

  const end = text.lastIndexOf('\n') + 1
  const lines = text.slice(signature.length, end).split('\n').slice(0, -1)
  const entries = lines.filter(line => !line.startsWith('#'))
  if (!/^#*$/.test(text.slice(end)) || !entries.every(line => /^[^=]+=/.test(line))) {
    return refused('line')
  }
  if (end > sectorSize) return refused('beyond-sector')

  const values = new Map<string, string>()
  for (const line of entries) {
    const key = line.slice(0, line.indexOf('='))
    if (values.has(key)) return refused('duplicate')
    values.set(key, line.slice(key.length + 1))
  }
  const [magic, order, a, b, last] = keys.map(key => values.get(key))
  if (magic === undefined || order === undefined || a === undefined) return refused('missing')
  if (b === undefined || last === undefined) return refused('missing')
  if (magic !== 'diarch1') return refused('magic')
  if (!isOrder(order)) return refused('order')
  if (!isSlotState(a) || !isSlotState(b)) return refused('slot-state')
  if (!isSlotName(last)) return refused('last')
  return { ok: true, environment: { order, a, b, last } }
}
