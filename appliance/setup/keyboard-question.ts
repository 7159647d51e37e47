/** Which keyboard somebody has before him, at the screen of a box. */

import { type KeyboardLayout, keyboardLayouts } from '../config/console-schema.ts'
import type { Question } from '../terminal/interview.ts'

/** Signs between letters are elsewhere on each layout: "chde" and "ch/de" are ch-de too. */
const lettersOf = (text: string): string => text.toLowerCase().replace(/[^a-z]/g, '')

export const layoutTyped = (text: string): KeyboardLayout | null =>
  keyboardLayouts.find(layout => lettersOf(layout) === lettersOf(text)) ?? null

export const keyboardQuestion = (inForce: KeyboardLayout): Question => ({
  id: 'keyboard',
  title: 'Which keyboard is this?',
  help: [
    'What its keys say, by country; your password is typed on it.',
    `${keyboardLayouts.slice(0, -1).join(', ')} or ${keyboardLayouts.at(-1)}.`,
  ],
  options: [],
  secret: false,
  suggestion: inForce,
  check: text =>
    layoutTyped(text) === null
      ? `"${text}" is no layout that this box has: expected one of those above.`
      : null,
})

/** Undefined where nobody was asked. */
export const keyboardFrom = (answer: string | undefined): KeyboardLayout | undefined =>
  layoutTyped(answer ?? '') ?? undefined

/** Of a document that is made of answers. */
export const consoleOf = (keyboard: KeyboardLayout | undefined): object =>
  keyboard === undefined || keyboard === 'us' ? {} : { console: { keyboard } }
