import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { parseDocument } from '../../appliance/config/document.ts'
import { findingText } from '../../appliance/config/finding.ts'
import { goldenOf, goldens, goldenText, importedGolden } from './keepalived-golden/golden.ts'

for (const name of goldens) {
  test(`keepalived.conf: ${name} becomes what is written beside it`, () => {
    const hint = 'node tests/unit/keepalived-golden/write.ts writes it anew'
    assert.equal(goldenText(name), readFileSync(goldenOf(name), 'utf8'), hint)
  })
}

for (const name of goldens.filter(each => each.startsWith('passes/'))) {
  test(`keepalived.conf: ${name} is not refused, since keepalived takes it`, () => {
    const { document, findings } = importedGolden(name)
    assert.deepEqual(
      findings.filter(({ outcome }) => outcome === 'refused'),
      [],
    )
    const parsed = parseDocument(document)
    assert.equal(
      parsed.kind,
      'document',
      parsed.kind === 'refused' ? parsed.findings.map(findingText).join('\n') : '',
    )
  })
}
