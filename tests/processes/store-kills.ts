/** `node tests/processes/store-kills.ts 500 [SEED]` does so many more than the test. */

import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { openStore } from '../../appliance/store/store.ts'
import { Random } from '../fuzz/random.ts'
import { assertSound, filesIn } from './store-words.ts'

export type Kills = {
  readonly kills: number
  readonly acknowledged: number
  readonly cut: number
  readonly seed: number
}

const keep = 8
const writer = resolve(import.meta.dirname, 'store-writer.ts')

/**
 * Kills a writing process at random moments, always in the same folder. Each time what it has
 * acknowledged has to be there, and nothing half. `cut` counts the kills that hit a commit: files
 * were left of it, or it was whole and not yet acknowledged.
 */
export async function killWriters(kills: number, seed = Date.now()): Promise<Kills> {
  const random = new Random(seed)
  const folder = mkdtempSync(join(tmpdir(), 'diarch-store-kills-'))
  let [acknowledged, cut] = [0, 0]
  try {
    for (let round = 0; round < kills; round++) {
      const before = openStore(folder, keep).newest?.number ?? 0
      const last = await writeUntilKilled(folder, round % 2, random.below(60_000) / 1000)
      const left = filesIn(folder, 'revisions').some(name => name.endsWith('.new'))
      const store = openStore(folder, keep)
      store.tidy()
      const newest = store.newest?.number ?? 0
      const told = last?.number ?? before
      assert.ok(newest === told || newest === told + 1, `${told} was told, ${newest} is there`)
      if (last !== null) assert.equal(hashOf(store, last.number), last.hash)
      assertSound(store)
      assert.ok(filesIn(folder, 'revisions').every(name => name.endsWith('.json')))
      if (left || newest > told) cut += 1
      acknowledged += told - before
    }
    // Left over by the last one that was cut, and by those that the last prune has not yet seen.
    assert.ok(filesIn(folder, 'secrets').length <= keep + 2)
  } finally {
    rmSync(folder, { recursive: true })
  }
  return { kills, acknowledged, cut, seed }
}

function hashOf(store: ReturnType<typeof openStore>, number: number): string | null {
  const loaded = store.at(number)
  return loaded.kind === 'revision' ? loaded.revision.hash : null
}

type Acknowledged = { readonly number: number; readonly hash: string }

/** The time runs from when it has acknowledged so many. Null: there was none. */
async function writeUntilKilled(
  folder: string,
  first: number,
  milliseconds: number,
): Promise<Acknowledged | null> {
  const args = [writer, folder, 'killed', `${keep}`, '100000']
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  let said = ''
  let killing = false
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    said += text
    if (killing || said.split('\n').length < first + 2) return
    killing = true
    setTimeout(() => child.kill('SIGKILL'), milliseconds)
  })
  const signal = await new Promise(done => child.on('close', (_, by) => done(by)))
  assert.equal(signal, 'SIGKILL')
  const last = said.split('\n').findLast(line => /^\d+ [0-9a-f]{64}$/.test(line))
  const [number, hash = ''] = last?.split(' ') ?? []
  return number === undefined ? null : { number: Number(number), hash }
}

if (import.meta.main) {
  const [kills = '500', seed] = process.argv.slice(2)
  console.log(await killWriters(Number(kills), seed === undefined ? undefined : Number(seed)))
}
