import assert from 'node:assert/strict'
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after } from 'node:test'
import type { Revision } from '../../appliance/store/revision-folder.ts'
import type { Change, Committed, Store } from '../../appliance/store/store.ts'

/** That is not there yet. */
export function newFolder(): string {
  const top = mkdtempSync(join(tmpdir(), 'diarch-store-'))
  after(() => rmSync(top, { recursive: true }))
  return join(top, 'state')
}

export function committed(store: Store, change: Change): Revision {
  const outcome = store.commit(store.newest?.number ?? 0, change)
  assert.equal(outcome.kind, 'committed', JSON.stringify(outcome))
  return (outcome as Committed).revision
}

export function filesIn(folder: string, part: 'revisions' | 'secrets'): readonly string[] {
  const path = join(folder, part)
  return existsSync(path) ? readdirSync(path).sort() : []
}

/** Everything that is there is whole, and stands on what was before it. */
export function assertSound(store: Store): void {
  assert.deepEqual(store.damage, [])
  const { heads, damage } = store.history()
  assert.deepEqual(damage, [])
  const hashes = new Map(heads.map(({ number, hash }) => [number, hash]))
  for (const { number, parent, parentHash } of heads) {
    const loaded = store.at(number)
    assert.equal(loaded.kind, 'revision', JSON.stringify([number, loaded]))
    const before = hashes.get(parent)
    if (before !== undefined) assert.equal(parentHash, before)
  }
}
