import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { parseDocument } from '../../appliance/config/document.ts'
import { noParts, partsOf } from '../../appliance/config/parts.ts'
import { EventBook } from '../../appliance/supervisor/event-book.ts'
import { Overrides } from '../../appliance/supervisor/overrides.ts'
import { Services } from '../../appliance/supervisor/services.ts'
import { document } from './api-calls.ts'
import { temporaryFolder } from './supervisor-lab.ts'

function directorOf(raw: unknown) {
  const parsed = parseDocument(raw)
  assert.ok(parsed.kind === 'document', JSON.stringify(parsed))
  return partsOf(parsed.document).director
}

const some = directorOf(document)
const none = noParts().director

function start() {
  const folder = temporaryFolder()
  let changes = 0
  const services = new Services({
    send: () => true,
    events: new EventBook(join(folder, 'events.jsonl'), () => {}),
    overrides: new Overrides(folder, assert.fail),
    onChange: () => {
      changes += 1
    },
  })
  const found = (missing: string | null): void => {
    const refused = missing === null ? [] : [missing]
    const director = { sync: null, missing, refused, claims: [] }
    services.onMessage('director', {
      kind: 'services',
      services: [],
      names: [],
      director,
      events: [],
    })
  }
  return { services, found, changes: () => changes }
}

test('without IPVS the director and its trouble go with the last service', () => {
  const { services, found, changes } = start()
  services.take(some, 1)
  found('no IPVS in this kernel')
  assert.deepEqual([services.hasWork, services.isWanted], [true, true])

  services.take(none, 2)
  assert.equal(services.hasWork, false, 'the penalty of the routers ends')
  assert.ok(services.isWanted, 'it has not answered yet')
  const before = changes()
  services.onMessage('director', { kind: 'configured', id: 2, refused: [] })
  assert.ok(changes() > before, 'alarm and penalty are looked at again')
  found('no IPVS in this kernel')
  assert.deepEqual([services.isWanted, services.director.refused], [false, []])

  services.take(some, 3)
  assert.ok(services.isWanted)
})

test('with IPVS it stays: there may be a table to clear', () => {
  const { services, found } = start()
  services.take(some, 1)
  found(null)
  services.take(none, 2)
  services.onMessage('director', { kind: 'configured', id: 2, refused: [] })
  assert.deepEqual([services.hasWork, services.isWanted], [false, true])
})
