import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  type Dialog,
  type DialogEffect,
  type DialogInput,
  type DialogWorld,
  stepDialog,
} from '../../appliance/console/dialog.ts'
import { dialogScreen } from '../../appliance/console/dialog-screen.ts'
import { keysOf } from '../../appliance/terminal/keys.ts'
import { instant } from '../../appliance/values/duration.ts'

const world: DialogWorld = {
  facts: { ports: [], hostname: 'diarch-1', virtualRouterId: 51, heard: [], peer: '192.0.2.11' },
  isSetUp: false,
}

class Terminal {
  dialog: Dialog = { at: 'screen' }
  readonly effects: DialogEffect[] = []

  hear(input: DialogInput, here: DialogWorld = world): void {
    const step = stepDialog(this.dialog, input, here)
    this.dialog = step.dialog
    this.effects.push(...step.effects)
  }

  type(text: string, here: DialogWorld = world): void {
    for (const key of keysOf(text, true).keys) this.hear({ input: 'key', key }, here)
  }

  text(now = 0): string {
    const lines = dialogScreen(this.dialog, world, instant(now), { columns: 80, rows: 24 })
    return (lines ?? []).map(({ text }) => text).join('\n')
  }
}

test('Enter begins the wizard on a box without a password, and nothing on one with it', () => {
  const terminal = new Terminal()
  terminal.type('x')
  assert.equal(terminal.dialog.at, 'screen')
  terminal.type('\r', { ...world, isSetUp: true })
  assert.equal(terminal.dialog.at, 'screen')
  terminal.type('\r')
  assert.match(terminal.text(), /What is this box to be\?/)
  terminal.type('\x1b')
  assert.equal(terminal.dialog.at, 'screen')
})

test('setup, trial, kept', () => {
  const terminal = new Terminal()
  terminal.type('\r3\r\r\rhunter2hunter2\rhunter2hunter2\r\r')
  assert.deepEqual(
    terminal.effects.map(({ effect }) => effect),
    ['set-up'],
  )
  assert.match(terminal.text(), /Setting up this box \.\.\./)
  terminal.type('\r')
  assert.equal(terminal.effects.length, 1, 'keys wait while the box works')
  terminal.hear({ input: 'on-trial', until: instant(60_000), lines: ['It runs.'] })
  assert.match(terminal.text(15_000), /Esc goes back at once, as it does by itself in 45 s/)
  terminal.type('\r')
  assert.equal(terminal.effects.at(-1)?.effect, 'confirm')
  terminal.hear({ input: 'done', lines: ['This box is set up.'] })
  assert.match(terminal.text(), /This box is set up/)
  terminal.type('\r')
  assert.equal(terminal.dialog.at, 'screen')
})

test('nobody presses Enter: it is said that the box went back', () => {
  const terminal = new Terminal()
  terminal.hear({ input: 'on-trial', until: instant(60_000), lines: [] })
  terminal.hear({ input: 'time', now: instant(59_999) })
  assert.equal(terminal.dialog.at, 'trial')
  terminal.hear({ input: 'time', now: instant(60_000) })
  assert.match(terminal.text(), /the box is as it was before/)
})

test('a refusal leads back to the last question, with everything as it was typed', () => {
  const terminal = new Terminal()
  terminal.type('\r2\r\r4729-1836\r')
  assert.equal(terminal.effects.at(-1)?.effect, 'join')
  terminal.hear({ input: 'refused', lines: ['The code is wrong.'] })
  assert.match(terminal.text(), /The code is wrong/)
  terminal.type('\r')
  assert.match(terminal.text(), /Which code does the first box show\?[\s\S]*> 4729-1836_/)
})

const setUpLines = '\r3\r\r\rhunter2hunter2\rhunter2hunter2\r\r'

test('Escape ends the trial at once, and what was typed is still there', () => {
  const terminal = new Terminal()
  terminal.type(setUpLines)
  terminal.hear({ input: 'on-trial', until: instant(60_000), lines: ['It runs.'] })
  terminal.type('\x1b')
  assert.equal(terminal.effects.at(-1)?.effect, 'take-back')
  assert.match(terminal.text(), /Going back \.\.\./)
  terminal.hear({ input: 'went-back' })
  assert.match(terminal.text(), /The box is as it was before/)
  terminal.type('\r')
  assert.match(terminal.text(), /Which virtual address/)
  terminal.type('\x1b\x1b\x1b')
  assert.match(terminal.text(), /What is this box called\?/)
})

test('a trial that was kept or ended elsewhere is not called forgotten', () => {
  const setUp = { ...world, isSetUp: true }
  const terminal = new Terminal()
  terminal.hear({ input: 'on-trial', until: instant(60_000), lines: ['It runs.'] }, setUp)
  terminal.hear({ input: 'time', now: instant(61_000) }, setUp)
  assert.equal(terminal.dialog.at, 'trial', 'the status may still be the old one')
  terminal.hear({ input: 'time', now: instant(70_000) }, setUp)
  assert.match(terminal.text(), /It was kept from elsewhere/)
})

test('a wizard ends when the box is set up at another console', () => {
  const terminal = new Terminal()
  terminal.type('\r1\r192.0.2')
  terminal.hear({ input: 'time', now: instant(0) })
  assert.match(terminal.text(), /> 192\.0\.2_/)
  terminal.hear({ input: 'time', now: instant(0) }, { ...world, isSetUp: true })
  assert.match(terminal.text(), /Somebody sets this box up at another console/)
  terminal.type('\r')
  assert.equal(terminal.dialog.at, 'screen')
})
