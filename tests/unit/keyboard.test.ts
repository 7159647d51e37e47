import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { keyboardLayouts } from '../../appliance/config/console-schema.ts'
import { parseDocument } from '../../appliance/config/document.ts'
import { stepDialog } from '../../appliance/console/dialog.ts'
import { dialogScreen } from '../../appliance/console/dialog-screen.ts'
import { setupFrom } from '../../appliance/setup/answers.ts'
import { joinDocument, setupDocument } from '../../appliance/setup/document.ts'
import { layoutTyped } from '../../appliance/setup/keyboard-question.ts'
import { type SetupFacts, setupQuestions } from '../../appliance/setup/questions.ts'
import { facing, newInterview } from '../../appliance/terminal/interview.ts'
import { keysOf } from '../../appliance/terminal/keys.ts'
import { instant } from '../../appliance/values/duration.ts'

const facts: SetupFacts = { ports: [], hostname: 'lb1', virtualRouterId: 51, heard: [], found: [] }

/** What happens at a screen, or at a serial line, when this is typed. */
function typed(text: string, seen: SetupFacts) {
  const world = { facts: seen, isSetUp: false, pair: null }
  const start = { at: 'interview', interview: facing(newInterview, setupQuestions(seen)) } as const
  const end = keysOf(text, true).keys.reduce(
    ({ dialog, effects }, key) => {
      const step = stepDialog(dialog, { input: 'key', key }, world)
      return { dialog: step.dialog, effects: [...effects, ...step.effects] }
    },
    stepDialog(start, { input: 'time', now: instant(0) }, world),
  )
  const lines = dialogScreen(end.dialog, world, instant(0), { columns: 80, rows: 24 }) ?? []
  return { ...end, screen: lines.map(line => line.text).join('\n') }
}

test('the image has a map for every layout that the configuration names, and no other', () => {
  const list = readFileSync(join(import.meta.dirname, '../../rootfs/keymaps.list'), 'utf8')
  const names = [...list.matchAll(/^([a-z-]+) \w+\/\S+$/gm)].map(([, name]) => name)
  assert.deepEqual(names.toSorted(), [...keyboardLayouts].toSorted())
})

test('only at the screen of the box the keyboard is asked for, and first', () => {
  assert.match(typed('', facts).screen, /What is this box to be\?/)
  const screen = { ...facts, keyboard: 'us' } as const
  assert.match(typed('', screen).screen, /Which keyboard is this\?[\s\S]*Enter alone takes: us/)
  assert.deepEqual(typed('\r', screen).effects, [], 'it is in force already')
  const chosen = typed('de\r', screen)
  assert.deepEqual(chosen.effects, [{ effect: 'keyboard', layout: 'de' }])
  assert.match(chosen.screen, /What is this box to be\?/)
  const wrong = typed('dvorak\r', screen)
  assert.match(wrong.screen, /"dvorak" is no layout that this box has/)
  assert.deepEqual(wrong.effects, [])
})

test('a layout is found whatever the keys beside the letters are', () => {
  for (const text of ['ch-de', 'ch/de', 'CHDE', "ch'de"]) assert.equal(layoutTyped(text), 'ch-de')
  assert.equal(layoutTyped(''), null)
})

test('what was chosen is in the document of a first box and of a second one', () => {
  const of = (answers: object) => setupFrom({ ...answers, port: 'port1', address: 'dhcp' }, facts)
  const first = of({ keyboard: 'ch-fr', box: 'single', password: 'hunter2hunter2' })
  const second = of({ keyboard: 'ch-fr', box: 'second', peer: '192.0.2.1', code: '12345678' })
  assert.ok(first.box !== 'second' && second.box === 'second')
  const keys = { key: 'ab'.repeat(32), guardKey: 'cd'.repeat(32) }
  for (const document of [setupDocument(first, keys), joinDocument(second, null)]) {
    const parsed = parseDocument(document)
    assert.ok(parsed.kind === 'document', JSON.stringify(parsed))
    assert.equal(parsed.document.node.console.keyboard, 'ch-fr')
  }
})
