import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { test } from 'node:test'
import { directorConfig } from '../../appliance/config/director-config.ts'
import {
  type Document,
  parseDocument,
  parseDocumentAfter,
} from '../../appliance/config/document.ts'
import { findingText } from '../../appliance/config/finding.ts'
import { migrated, newestVersion } from '../../appliance/config/migrations.ts'
import { notifyConfig } from '../../appliance/config/notify-config.ts'
import { routerConfigs } from '../../appliance/config/router-configs.ts'
import { trackerConfigs } from '../../appliance/config/tracker-configs.ts'
import { accepted } from './config/pair.ts'

const folder = resolve(import.meta.dirname, 'config/version-1')
const old = (name: string): string => readFileSync(resolve(folder, name), 'utf8')

const configs = (document: Document): unknown => ({
  routers: routerConfigs(document),
  trackers: trackerConfigs(document),
  notify: notifyConfig(document),
  director: directorConfig(document),
})

/** What somebody would write who makes a new document of an old one by hand. */
const byHand = (text: string): string =>
  text
    .replace('"schemaVersion": 1', `"schemaVersion": ${newestVersion}`)
    .replaceAll(/"upper": (?=\d)/g, '"mostConnections": ')
    .replaceAll(/"lower": (?=\d)/g, '"resumeBelow": ')
    .replaceAll(/"maxLength": (?=\d)/g, '"mostBytes": ')

for (const name of readdirSync(folder)) {
  test(`version 1 is read as what it meant: ${name}`, () => {
    const parsed = parseDocument(old(name))
    assert.ok(parsed.kind === 'document', JSON.stringify(parsed, null, 2))
    assert.equal(parsed.document.schemaVersion, newestVersion)
    assert.deepEqual(configs(parsed.document), configs(accepted(JSON.parse(byHand(old(name))))))
  })
}

test('limits of version 1 come out as they went in, and their new names are said', () => {
  const { value, from, notes } = migrated(JSON.parse(old('limits.json')))
  assert.equal(from, 1)
  assert.deepEqual(notes, [
    'cluster.services.NAME.servers.NAME.upper is mostConnections now',
    'cluster.services.NAME.servers.NAME.lower is resumeBelow now',
    'cluster.director.sync.maxLength is mostBytes now',
  ])
  const { services, sync } = directorConfig(accepted(value))
  const limits = services[0]?.servers.map(({ settings }) => [settings.upper, settings.lower])
  const all = [
    [100, 50],
    [0, 0],
    [7, 0],
  ]
  assert.deepEqual(limits, all)
  assert.equal(sync?.maxLength, 1400)
})

test('a migrated document is migrated', () => {
  const { value } = migrated(JSON.parse(old('limits.json')))
  const again = migrated(value)
  assert.equal(again.value, value)
  assert.deepEqual([again.from, again.notes], [newestVersion, []])
})

test('a finding about an old document has the line of the key as it was written', () => {
  const text = old('limits.json').replace('"upper": 7', '"upper": -7').replace('1400', '10')
  const parsed = parseDocument(text)
  const lines = parsed.kind === 'refused' ? parsed.findings.map(findingText) : []
  assert.deepEqual(lines, [
    'line 13, column 45: cluster.services.web.servers.upper.mostConnections is -7, expected a ' +
      'whole number from 0 to 4294967295',
    'line 17, column 50: cluster.director.sync.mostBytes is 10, expected a whole number from 512 ' +
      'to 65487',
  ])
})

test('the old names are refused in a new document', () => {
  const text = old('limits.json').replace('"schemaVersion": 1', `"schemaVersion": ${newestVersion}`)
  const parsed = parseDocument(text)
  const found = parsed.kind === 'refused' ? parsed.findings : []
  assert.deepEqual(
    found.map(({ reason, hint }) => [reason, hint]),
    ['mostConnections', 'resumeBelow', 'mostConnections', 'mostBytes'].map(name => [
      'unknown-key',
      `it is ${name} since version 2`,
    ]),
  )
})

test('a document of newer software is refused by its version alone', () => {
  const parsed = parseDocument('{\n  "schemaVersion": 99,\n  "cluster": { "pods": {} }\n}')
  const lines = parsed.kind === 'refused' ? parsed.findings.map(findingText) : []
  assert.deepEqual(lines, [
    `line 2, column 3: schemaVersion is 99, expected at most ${newestVersion}, the newest that ` +
      'this software knows; newer software has written it: upgrade this box first',
  ])
})

test('nothing of an old document is taken for read when a new one follows it', () => {
  const raw = JSON.parse(old('limits.json'))
  const document = accepted(raw)
  const next = { ...raw, schemaVersion: newestVersion }
  assert.deepEqual(parseDocumentAfter({ raw, document }, next), parseDocument(next))
})
