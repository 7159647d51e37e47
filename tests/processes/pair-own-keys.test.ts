import assert from 'node:assert/strict'
import { existsSync, openSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { makeCertificate } from '../../appliance/linux/certificate.ts'
import { loadOrMakeIdentity } from '../../appliance/linux/identity.ts'
import { OwnKeys } from '../../appliance/pair/own-keys.ts'
import { temporaryFolder } from './supervisor-lab.ts'

const make = (): string => makeCertificate('lb1', new Date('2026-01-01T00:00:00Z'))

async function keysIn(folder: string, lines: string[] = []): Promise<OwnKeys> {
  const identity = await loadOrMakeIdentity(folder, make, () => undefined)
  return new OwnKeys({ folder, identity, make, report: line => lines.push(line) })
}

test('the files of a key that changes: one for each step, and nothing of the old one', async () => {
  const folder = temporaryFolder()
  const [path, nextPath] = [join(folder, 'identity.pem'), join(folder, 'identity.next.pem')]
  const lines: string[] = []
  const keys = await keysIn(folder, lines)
  const { fingerprint: first } = keys.current

  assert.equal(keys.use(first), 'that key is not the next one')
  assert.equal(keys.make(), null)
  const { next } = keys.keys
  assert.ok(next !== null && next !== first)
  assert.equal(statSync(nextPath).mode & 0o777, 0o600)
  assert.deepEqual([keys.make(), keys.keys.next], [null, next], 'one that waits is not made again')

  // The process ends: what it has made is there when it starts again.
  const again = await keysIn(folder, lines)
  assert.deepEqual([again.current.fingerprint, again.keys.next], [first, next])
  const old = openSync(path, 'r')
  const size = statSync(path).size
  assert.equal(again.use(next), null)
  assert.deepEqual([again.current.fingerprint, again.keys.next], [next, null])
  assert.ok(!existsSync(nextPath))
  assert.deepEqual(readFileSync(old), Buffer.alloc(size), 'also for whoever reads the disk')
  assert.equal((await keysIn(folder)).current.fingerprint, next)

  writeFileSync(nextPath, 'half of a k')
  assert.equal((await keysIn(folder, lines)).keys.next, null)
  assert.ok(!existsSync(nextPath))
  assert.deepEqual(
    lines.map(line => line.replace(nextPath, 'FILE')),
    ['FILE is damaged: the box makes another key when it needs one'],
  )
})
