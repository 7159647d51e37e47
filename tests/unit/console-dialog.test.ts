import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { PeerUpgrade } from '../../appliance/api/upgrade-operations.ts'
import { newestVersion } from '../../appliance/config/migrations.ts'
import {
  type Dialog,
  type DialogEffect,
  type DialogInput,
  type DialogWorld,
  stepDialog,
} from '../../appliance/console/dialog.ts'
import { dialogScreen } from '../../appliance/console/dialog-screen.ts'
import { joinDocument } from '../../appliance/setup/document.ts'
import { toldBefore } from '../../appliance/setup/told-before.ts'
import type { PortStatus } from '../../appliance/status/document.ts'
import type { PairStatus, PeerStatus } from '../../appliance/status/pair-status.ts'
import { keysOf } from '../../appliance/terminal/keys.ts'
import { instant } from '../../appliance/values/duration.ts'
import { parsePrefix } from '../../appliance/values/prefix.ts'
import { exampleStatus } from '../processes/example-status.ts'

const world: DialogWorld = {
  facts: { ports: [], hostname: 'diarch-1', virtualRouterId: 51, heard: [], found: [] },
  isSetUp: false,
  pair: null,
}

const withPair = (pair: Partial<PairStatus>): DialogWorld => {
  const single = { state: 'single', since: '', why: '', peer: null, handover: null } as const
  return { ...world, isSetUp: true, pair: { ...single, key: null, codeExpiresAt: null, ...pair } }
}

const summary = { title: 'It runs.', rows: [['This box', 'a single one']] } as const

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

  text(now = 0, here: DialogWorld = world): string {
    const lines = dialogScreen(this.dialog, here, instant(now), { columns: 80, rows: 24 })
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

test('b makes the lamp of the port blink where the choice is, and answers nothing', () => {
  const ports = ['port1', 'port2'].map(name => ({ ...exampleStatus.ports[1], name }) as PortStatus)
  const here = { ...world, facts: { ...world.facts, ports } }
  const terminal = new Terminal()
  terminal.type('\r3\r', here)
  const question = terminal.text(0, here)
  assert.match(question, /> 1 {2}port1/)
  assert.match(question, /^ .*Enter takes it {3}b blinks its lamp {3}Esc goes back$/m)
  terminal.type('2b', here)
  assert.deepEqual(terminal.effects, [{ effect: 'blink', port: 'port2' }])
  assert.match(terminal.text(0, here), /> 2 {2}port2/)
  const note = { tone: 'good', text: 'The lamp of port2 blinks.' } as const
  terminal.hear({ input: 'noted', note }, here)
  terminal.hear({ input: 'time', now: instant(1000) }, here)
  assert.match(terminal.text(0, here), /^ The lamp of port2 blinks\.$/m)
  terminal.type('\r', here)
  assert.doesNotMatch(terminal.text(0, here), /blinks/)
  assert.match(terminal.text(0, here), /Which address has this box itself/)
  terminal.type('b', here)
  assert.equal(terminal.effects.length, 1, 'elsewhere it is a letter')
  assert.match(terminal.text(0, here), /> b_/)
  terminal.type('\x1b\x1b\x1b', here)
  terminal.hear({ input: 'noted', note }, here)
  assert.equal(terminal.dialog.at, 'screen', 'what comes too late is dropped')
})

test('setup, trial, kept', () => {
  const terminal = new Terminal()
  terminal.type('\r3\r\r\r\r\rhunter2hunter2\rhunter2hunter2\r\r')
  assert.deepEqual(
    terminal.effects.map(({ effect }) => effect),
    ['set-up'],
  )
  assert.match(terminal.text(), /Setting up this box \.\.\./)
  terminal.type('\r')
  assert.equal(terminal.effects.length, 1, 'keys wait while the box works')
  terminal.hear({ input: 'on-trial', until: instant(60_000), summary })
  assert.match(terminal.text(15_000), /Esc goes back at once, as it does by itself in 45 s/)
  terminal.type('\r')
  assert.equal(terminal.effects.at(-1)?.effect, 'confirm')
  terminal.hear({ input: 'done', lines: ['This box is set up.'] })
  assert.match(terminal.text(), /This box is set up/)
  terminal.type('\r')
  assert.equal(terminal.dialog.at, 'screen')
})

test('a first box shows a code until the second one has joined', () => {
  const terminal = new Terminal()
  terminal.type('\r1\r\r\r\r\rhunter2hunter2\rhunter2hunter2\r\r')
  terminal.hear({ input: 'on-trial', until: instant(60_000), summary })
  terminal.type('\r')
  assert.deepEqual(terminal.effects.at(-1), { effect: 'confirm', isFirst: true })
  const until = instant(700_000)
  terminal.hear({ input: 'code', code: '4729-1836', until, lines: ['Log in there.'] })
  assert.match(terminal.text(120_500), /4729-1836[\s\S]*five tries, for 9:40 more/)
  const at = (pair: Partial<PairStatus>, now: number): string => {
    terminal.hear({ input: 'time', now: instant(now) }, withPair(pair))
    return terminal.text(now)
  }
  assert.match(at({ codeExpiresAt: null }, 120_500), /4729-1836/, 'the status may be the old one')
  assert.match(at({ codeExpiresAt: 'then' }, 121_000), /4729-1836/)
  const shown = terminal.dialog
  assert.match(at({ codeExpiresAt: null }, 122_000), /five wrong ones/)
  terminal.dialog = shown
  assert.match(at({ codeExpiresAt: null }, 700_000), /ten minutes are over/)
  terminal.dialog = shown
  assert.match(at({ codeExpiresAt: null, state: 'joining' }, 122_000), /4729-1836/)
  const peer = { name: 'lb2' } as PeerStatus
  assert.match(at({ codeExpiresAt: null, state: 'in-sync', peer }, 123_000), /lb2 has joined/)
  terminal.dialog = shown
  terminal.type('\r')
  assert.equal(terminal.dialog.at, 'screen')
})

test('nobody presses Enter: it is said that the box went back', () => {
  const terminal = new Terminal()
  terminal.hear({ input: 'on-trial', until: instant(60_000), summary })
  terminal.hear({ input: 'time', now: instant(59_999) })
  assert.equal(terminal.dialog.at, 'trial')
  terminal.hear({ input: 'time', now: instant(60_000) })
  assert.match(terminal.text(), /the box is as it was before/)
})

test('other software on the first box is a question: take it, join all the same, or stop', () => {
  const joined = (): Terminal => {
    const terminal = new Terminal()
    terminal.type('\r2\r\r192.0.2.11\r4729-1836\r')
    return terminal
  }
  const offered: PeerUpgrade = {
    from: 'lb1',
    runs: '0.1.0',
    version: '0.2.0',
    commit: '15f3a42b77648faa3979778da977d1049d930779',
    sha256: '',
    slot: 'b',
    signature: 'no-key',
    schema: newestVersion,
  }
  const told = (terminal: Terminal, more: object = {}): void => {
    const effect = terminal.effects.at(-1)
    assert.ok(effect?.effect === 'join' && !effect.anyVersion)
    const other = { join: effect.join, lines: ['lb2 is the older one.'], offered }
    terminal.hear({ input: 'versions', other: { ...other, ...more } })
  }
  const taking = joined()
  told(taking)
  assert.match(
    taking.text(),
    /different software[\s\S]*has version 0\.1\.0, and lb1 has .* 0\.2\.0\./,
  )
  assert.match(taking.text(), /> 1 {2}take the software of lb1 \(0\.2\.0, 15f3a42\), and restart/)
  taking.type('\r')
  assert.deepEqual(taking.effects.at(-1), { effect: 'take-software' })
  assert.match(taking.text(), /Taking the software of lb1/)
  taking.hear({ input: 'refused', lines: ['It was cut off.'] })
  taking.type('\r')
  assert.match(taking.text(), /Which code[\s\S]*4729-1836/, 'nothing that was typed is lost')

  const joining = joined()
  told(joining)
  joining.type('2\r')
  const effect = joining.effects.at(-1)
  assert.ok(effect?.effect === 'join' && effect.anyVersion && effect.join.code === '47291836')

  const older = joined()
  told(older, { offered: { ...offered, schema: newestVersion - 1 } })
  assert.doesNotMatch(older.text(), /all the same/)
  const without = joined()
  told(without, { offered: null })
  assert.match(without.text(), /lb2 is the older one[\s\S]*> 1 {2}stop/)
  without.type('\r')
  assert.equal(without.dialog.at, 'screen')
})

test('a second box that restarted on its way has the answers that it was given', () => {
  const join = { box: 'second', port: 'port1', gateway: null, peer: '', code: '' } as const
  const address = parsePrefix('192.0.2.12/24')
  assert.ok(address !== null)
  const answers = toldBefore(joinDocument({ ...join, address, keyboard: 'de' }, null))
  const place = { port: 'port1', address: '192.0.2.12/24', gateway: '' }
  assert.deepEqual(answers, { keyboard: 'de', box: 'second', ...place })
  assert.deepEqual(toldBefore(null), {}, 'as from the factory')
  const terminal = new Terminal()
  terminal.type('\r')
  terminal.hear({ input: 'told-before', answers })
  assert.match(terminal.text(), /> 2 {2}the second box/)
  terminal.type('\r')
  assert.match(terminal.text(), /Which address has this box itself\?[\s\S]*> 192\.0\.2\.12\/24_/)
  terminal.type('\r\r192.0.2.11\r4729-1836\r')
  const effect = terminal.effects.at(-1)
  assert.ok(effect?.effect === 'join' && effect.join.address !== 'dhcp')
  const quick = new Terminal()
  quick.type('\r3')
  quick.hear({ input: 'told-before', answers })
  assert.match(quick.text(), /> 3 {2}a single box/, 'what somebody has chosen meanwhile stays')
  const first = new Terminal()
  const screen = { ...world, facts: { ...world.facts, keyboard: 'us' } } as const
  first.type('\r\r', screen)
  first.hear({ input: 'told-before', answers }, screen)
  assert.match(first.text(0, screen), /> 2 {2}the second box/, 'also behind the first question')
})

test('a refusal leads back to the last question, with everything as it was typed', () => {
  const terminal = new Terminal()
  terminal.type('\r2\r\r192.0.2.11\r4729-1836\r')
  assert.equal(terminal.effects.at(-1)?.effect, 'join')
  terminal.hear({ input: 'refused', lines: ['The code is wrong.'] })
  assert.match(terminal.text(), /The code is wrong/)
  terminal.type('\r')
  assert.match(terminal.text(), /Which code does the first box show\?[\s\S]*> 4729-1836_/)
})

const setUpLines = '\r3\r\r\r\r\rhunter2hunter2\rhunter2hunter2\r\r'

test('Escape ends the trial at once, and what was typed is still there', () => {
  const terminal = new Terminal()
  terminal.type(setUpLines)
  terminal.hear({ input: 'on-trial', until: instant(60_000), summary })
  terminal.type('\x1b')
  assert.equal(terminal.effects.at(-1)?.effect, 'take-back')
  assert.match(terminal.text(), /Going back \.\.\./)
  terminal.hear({ input: 'went-back' })
  assert.match(terminal.text(), /The box is as it was before/)
  terminal.type('\r')
  assert.match(terminal.text(), /Which virtual address/)
  terminal.type('\x1b\x1b\x1b\x1b\x1b')
  assert.match(terminal.text(), /What is this box called\?/)
})

test('a trial that was kept or ended elsewhere is not called forgotten', () => {
  const setUp = { ...world, isSetUp: true }
  const terminal = new Terminal()
  terminal.hear({ input: 'on-trial', until: instant(60_000), summary }, setUp)
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
