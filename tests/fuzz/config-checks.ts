/** What must hold whatever comes in. A check that fails throws. */

import assert from 'node:assert/strict'
import { difference } from '../../appliance/config/difference.ts'
import {
  type Document,
  type Parsed,
  parseDocument,
  parseDocumentAfter,
} from '../../appliance/config/document.ts'
import { findingText } from '../../appliance/config/finding.ts'
import { partsOf } from '../../appliance/config/parts.ts'
import { joinSecrets, splitSecrets } from '../../appliance/config/secrets.ts'
import { exportIpvsadm } from '../../appliance/keepalived/export-ipvsadm.ts'
import { importKeepalived } from '../../appliance/keepalived/import.ts'
import { valid } from '../unit/keepalived-import-words.ts'
import { parsed as parsedFile } from '../unit/keepalived-words.ts'
import type { Trial } from './config-trials.ts'

/** What became of it, for the table. */
export function outcomeOf(trial: Trial): string {
  switch (trial.kind) {
    case 'keepalived':
      return `keepalived.conf: ${imported(trial.text)}`
    case 'text':
      return `document: ${looked(parseDocument(trial.text))}`
    case 'value':
      return `value: ${changed(trial.value, trial.before)}`
  }
}

function imported(text: string): string {
  const { entries, problems } = parsedFile(text, { id: 'one' })
  for (const { place, text: said } of problems) assert.ok(place.line > 0 && said !== '')
  const { document, findings } = importKeepalived(entries)
  for (const { place, text: said, outcome } of findings) {
    assert.ok(place.line >= 0 && (said !== '' || outcome === 'applied'), JSON.stringify(place))
  }
  if (findings.some(({ outcome }) => outcome === 'refused')) return 'refused'
  const parsed = parseDocument(document)
  // What the importer does not refuse is a document that the box takes.
  assert.equal(looked(parsed), 'taken')
  return problems.length > 0 ? 'taken, with problems' : 'taken'
}

function looked(parsed: Parsed): 'taken' | 'refused' {
  if (parsed.kind === 'refused') {
    assert.ok(parsed.findings.length > 0)
    for (const finding of parsed.findings) assert.notEqual(findingText(finding), '')
    return 'refused'
  }
  works(parsed.document)
  return 'taken'
}

/** A document that is taken is one that the processes can be told, and that can be exported. */
function works(document: Document): void {
  partsOf(document)
  exportIpvsadm(document)
}

const read = new Map<unknown, Document>()

function changed(value: unknown, before: unknown): string {
  const parsed = parseDocument(value)
  const document = read.get(before) ?? valid(before)
  read.set(before, document)
  const after = parseDocumentAfter({ raw: before, document }, value)
  assert.deepEqual(after, parsed)
  const split = splitSecrets(value)
  const outcome = looked(parsed)
  if (outcome === 'taken') {
    // As it is shown and comes back, and as a text.
    const joined = joinSecrets(split.public, split.secrets)
    assert.ok(joined.kind === 'document')
    assert.deepEqual(joined.document, value)
    assert.equal(parseDocument(JSON.stringify(value)).kind, 'document')
    difference(before, value)
  }
  return outcome
}
