/** The screen of a box, and the keyboard before it. */

import * as z from 'zod'
import { choice } from './leaves.ts'
import { key } from './meta.ts'

/** Those of rootfs/keymaps.list. */
export const keyboardLayouts = [
  ...([
    'us',
    'uk',
    'de',
    'fr',
    'es',
    'it',
    'pt',
    'se',
    'no',
    'dk',
    'fi',
    'is',
    'nl',
    'be',
  ] as const),
  ...(['ch-de', 'ch-fr', 'ca', 'br', 'pl', 'hu', 'jp'] as const),
] as const

export type KeyboardLayout = (typeof keyboardLayouts)[number]

export const nodeConsole = z
  .strictObject({
    keyboard: key(
      choice(...keyboardLayouts).prefault('us'),
      'The layout of a keyboard that is plugged in. A serial line has that of its terminal.',
    ),
  })
  .meta({ id: 'console', title: 'Console' })
