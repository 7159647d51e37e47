import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import type { FromAlerts } from '../../appliance/alerting/alert-messages.ts'
import { Alerts } from '../../appliance/alerts/alerts.ts'
import { alerts as schema } from '../../appliance/config/alert-schema.ts'
import { temporaryFolder, until } from './supervisor-lab.ts'

const mostBytes = 10_000

/** A box whose disk has so many bytes. */
function smallDisk(t: TestContext, bytes: number) {
  const state = temporaryFolder()
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${bytes},mode=0700`, 'none', state])
  const said: FromAlerts[] = []
  const alerts = new Alerts(state, message => said.push(message))
  t.after(() => {
    alerts.stop()
    execFileSync('umount', [state])
  })
  const channels = { book: { kind: 'file', facility: 'local3', mostBytes } }
  alerts.configure(schema.parse({ channels, hold: '0s' }), 'lb1')
  const path = join(state, 'alerts/book.log')
  const status = () => {
    const told = said.filter(each => each.kind === 'alert-channels').at(-1)
    return told?.channels[0]
  }
  const lines = (name = path) => readFileSync(name, 'utf8').split('\n').slice(0, -1)
  return { state, alerts, path, status, lines }
}

test('a file of alerts has its size, and so has the one before it', async t => {
  const { alerts, path, lines } = smallDisk(t, 1_000_000)
  for (let n = 0; n < 300; n++) assert.equal(await alerts.tryOut('book'), null)
  const files = readdirSync(join(path, '..')).filter(name => name.startsWith('book'))
  assert.deepEqual(files.toSorted(), ['book.log', 'book.log.1'])
  const sizes = files.map(name => statSync(join(path, '..', name)).size)
  assert.ok(
    sizes.every(size => size > 0 && size <= mostBytes),
    String(sizes),
  )
  const form = /^<157>1 [\d-]{10}T[\d:.]+Z lb1 diarch - test - lb1: test: This is a test of/
  for (const line of [...lines(`${path}.1`), ...lines()]) assert.match(line, form)
})

test('a full disk: the channel says so, no half line is left, and later it goes on', async t => {
  const { state, alerts, path, status, lines } = smallDisk(t, 64 * 1024)
  assert.equal(await alerts.tryOut('book'), null)
  const ballast = join(state, 'ballast')
  assert.throws(() => writeFileSync(ballast, Buffer.alloc(100_000)), { code: 'ENOSPC' })
  // Longer than what is left of the page that the file has.
  alerts.see([{ reason: 'peer-away', message: 'm'.repeat(5000) }])
  await until('it fails', status, seen => seen?.state === 'failing')
  assert.match(
    status()?.why ?? '',
    /book\.log cannot be written: no space left on device \(ENOSPC\)\. "diarch status" says/,
  )
  assert.equal(status()?.waiting, 1)
  assert.equal(lines().length, 1, 'whole lines only')
  assert.ok(readFileSync(path, 'utf8').endsWith('\n'))
  rmSync(ballast)
  await until('it is tried again', status, seen => seen?.state === 'ok' && seen.waiting === 0)
  assert.match(lines()[1] ?? '', /^<153>1 \S+ lb1 diarch - peer-away - lb1: peer-away begins: mmm/)
  assert.ok(!existsSync(`${path}.1`))
})
