import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Scheduling } from '../../appliance/linux/scheduling.ts'
import { openLab } from '../lab/namespaces/lab.ts'
import './inside-host.ts'

type Told = {
  bytes: number
  refused: string | null
  locked: number
  grown: number
  scheduling: Scheduling
}

const run = async (t: Parameters<typeof openLab>[0], ...before: string[]): Promise<Told> => {
  const host = await (await openLab(t)).host('box')
  const program = new URL('inside/locked-memory.ts', import.meta.url).pathname
  const out = await host.must('env', [...before, process.execPath, program])
  return JSON.parse(out)
}

test('program text is locked, at no cost, and garbage is still collected', async t => {
  const { bytes, refused, locked, grown } = await run(t)
  assert.equal(refused, null)
  // Node's own text is some 100 MiB.
  assert.ok(bytes > 50 * 1024 * 1024, `${bytes} bytes`)
  assert.ok(locked * 1024 >= bytes * 0.9, `${locked} KiB are locked of ${bytes} bytes`)
  assert.ok(grown < 5 * 1024, `resident memory grew by ${grown} KiB`)
})

test('without the right to it the refusal is told, and the program goes on', async t => {
  const unprivileged = ['setpriv', '--reuid=65534', '--clear-groups', 'prlimit', '--memlock=65536']
  const { refused } = await run(t, ...unprivileged)
  assert.match(refused ?? '', /^(ENOMEM|EPERM|EAGAIN)$/)
})

test('the scheduling of this process is read', async t => {
  assert.deepEqual((await run(t)).scheduling, { policy: 'ordinary', priority: 0 })
  const { scheduling } = await run(t, 'chrt', '--rr', '50')
  assert.deepEqual(scheduling, { policy: 'round-robin', priority: 50 })
})
