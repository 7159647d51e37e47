import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { openStore } from '../../appliance/store/store.ts'
import { changeNumber } from './store-change.ts'
import { assertSound, committed, filesIn, newFolder } from './store-words.ts'

/** A disk of 1 MiB. */
function withDisk(work: (folder: string) => void): void {
  const folder = newFolder()
  mkdirSync(folder)
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m,mode=0700', 'none', folder])
  try {
    work(folder)
  } finally {
    execFileSync('umount', [folder])
  }
}

test('a full disk: the writer is told, nothing is lost or left over, and later it goes on', () => {
  withDisk(folder => {
    const store = openStore(folder)
    committed(store, changeNumber(0))
    const ballast = join(folder, 'ballast')
    // Page by page: the end of the room comes in every part of a commit.
    let refused = 0
    for (let pages = 256; pages > 200; pages--) {
      fill(ballast, pages)
      const before = { newest: store.newest, files: files(folder) }
      // Every one has new secrets.
      const outcome = store.commit(before.newest?.number ?? 0, changeNumber(3 * pages))
      if (outcome.kind === 'committed') break
      assert.equal(outcome.kind, 'not-written')
      assert.match(
        outcome.kind === 'not-written' ? outcome.error.message : '',
        /no space left on device. The configuration is as it was. Remove files there.$/,
      )
      assert.deepEqual({ newest: store.newest, files: files(folder) }, before)
      assert.deepEqual(openStore(folder).newest, before.newest)
      refused += 1
    }
    assert.ok(refused >= 4, `refused ${refused} times only`)
    assert.equal(store.newest?.number, 2)
    assertSound(openStore(folder))
  })
})

test('a full disk before the first revision', () => {
  withDisk(folder => {
    fill(join(folder, 'ballast'), 256)
    const store = openStore(folder)
    assert.equal(store.commit(0, changeNumber(1)).kind, 'not-written')
    rmSync(join(folder, 'ballast'))
    assert.equal(committed(store, changeNumber(1)).number, 1)
  })
})

test('a disk that the kernel has made read-only: what is there is read, writers are told', () => {
  withDisk(folder => {
    committed(openStore(folder), changeNumber(1))
    execFileSync('mount', ['-o', 'remount,ro', folder])
    const store = openStore(folder)
    assert.equal(store.newest?.number, 1)
    const outcome = store.commit(1, changeNumber(2))
    assert.match(
      outcome.kind === 'not-written' ? outcome.error.message : outcome.kind,
      /^store a revision on .*: read-only file system. The configuration is as it was. Replace/,
    )
    assert.deepEqual([store.newest?.number, store.damage], [1, []])
    execFileSync('mount', ['-o', 'remount,rw', folder])
    assert.equal(committed(store, changeNumber(2)).number, 2)
  })
})

test('a folder that is none', () => {
  const folder = newFolder()
  writeFileSync(folder, '')
  const store = openStore(folder)
  assert.match(store.damage[0]!.why, /^it cannot be read: ENOTDIR/)
  assert.equal(store.commit(0, changeNumber(1)).kind, 'not-written')
})

const files = (folder: string): readonly string[] => [
  ...filesIn(folder, 'revisions'),
  ...filesIn(folder, 'secrets'),
]

/** As many pages as there is room for, and not more than that. */
function fill(path: string, pages: number): void {
  rmSync(path, { force: true })
  for (let left = pages; left > 0; left--) {
    try {
      writeFileSync(path, Buffer.alloc(4096), { flag: 'a' })
    } catch {
      return
    }
  }
}
