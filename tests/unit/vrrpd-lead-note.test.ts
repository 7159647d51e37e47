import assert from 'node:assert/strict'
import { test } from 'node:test'
import { leadsIn } from '../../appliance/supervision/lead.ts'
import { LeadNote } from '../../appliance/vrrpd/lead-note.ts'
import { Box, router } from './vrrp-ensemble-words.ts'

test('a note that finds no room is the last one, and leaves no old word behind', t => {
  const said = t.mock.method(console, 'error', () => undefined)
  const box = new Box('anna', '192.0.2.10')
  box.start(0, [router()])
  box.runUntil(400)
  let isFull = false
  const page: number[] = []
  const note = new LeadNote(bytes => {
    if (isFull && bytes.length > 8) throw new Error('ENOSPC: no space left on device, write')
    page.push(leadsIn(bytes).length)
  })
  note.write(box.ensemble)
  isFull = true
  note.write(box.ensemble)
  note.write(box.ensemble)
  assert.deepEqual(page, [1, 0])
  assert.equal(said.mock.callCount(), 1)
})
