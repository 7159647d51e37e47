import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { exportKeepalived } from '../../appliance/keepalived/export.ts'
import { importPair } from '../../appliance/keepalived/import-pair.ts'
import { entriesOf, valid } from './keepalived-import-words.ts'

const guide = readFileSync(
  join(import.meta.dirname, '../../docs/guides/from-keepalived.md'),
  'utf8',
)

const block = (begin: string): string => {
  const found = [...guide.matchAll(/^```(?:conf)?\n([\s\S]*?)^```$/gm)].map(([, text = '']) => text)
  const text = found.find(each => each.startsWith(begin))
  assert.ok(text, begin)
  return text
}

const one = block('! lb1')
const other = one
  .replaceAll('lb1', 'lb2')
  .replace('state MASTER', 'state BACKUP')
  .replace('priority 150', 'priority 100')
const { documents, findings } = importPair(entriesOf(one), entriesOf(other))

test('the files of the guide become the document of the guide', () => {
  assert.deepEqual(documents[0], JSON.parse(block('{')))
})

test('what the guide says about the lines is what is said', () => {
  const shown = [
    ...block('$ diarch import').matchAll(/^lb1\.conf:(\d+: \S+: \w+): (.*?)(?: \(\S+\))?$/gm),
  ]
  const said = findings.slice(0, findings.length / 2).filter(({ outcome }) => outcome !== 'applied')
  assert.deepEqual(
    shown.map(([, place, text]) => `${place}: ${text}`),
    said.map(
      ({ place, keyword, outcome, text }) => `${place.line}: ${keyword}: ${outcome}: ${text}`,
    ),
  )
})

test('the document of the guide is exported as the guide shows it', () => {
  const exported = exportKeepalived(valid(documents[0]), { secrets: true })
  assert.equal(exported.text, block('# Made by Diarch'))
  assert.deepEqual(exported.findings, [])
})
