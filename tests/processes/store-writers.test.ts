import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { resolve } from 'node:path'
import { test } from 'node:test'
import { promisify } from 'node:util'
import { openStore } from '../../appliance/store/store.ts'
import { assertSound, filesIn, newFolder } from './store-words.ts'

const run = promisify(execFile)
const writer = resolve(import.meta.dirname, 'store-writer.ts')

const times = 60

test('two processes write at once: each revision is of one of them, and none is lost', async () => {
  const folder = newFolder()
  const names = ['anna', 'bert']
  const outputs = await Promise.all(
    names.map(name => run(process.execPath, [writer, folder, name, '1000', `${times}`])),
  )
  const told = new Map<number, { hash: string; author: string }>()
  for (const [index, { stdout }] of outputs.entries()) {
    for (const line of stdout.trim().split('\n').slice(1)) {
      const [number, hash = ''] = line.split(' ')
      assert.ok(!told.has(Number(number)), `revision ${number} was given to both`)
      told.set(Number(number), { hash, author: names[index]! })
    }
  }
  const store = openStore(folder, 1000)
  const { heads } = store.history()
  assert.equal(heads.length, 2 * times)
  for (const { number, parent, hash, author } of heads) {
    assert.deepEqual(told.get(number), { hash, author })
    assert.equal(parent, number - 1)
  }
  assertSound(store)
  // The loser of a race takes its secrets away again.
  const needed = new Set(heads.map(({ secrets }) => secrets))
  assert.deepEqual(new Set(filesIn(folder, 'secrets')), needed)
})
