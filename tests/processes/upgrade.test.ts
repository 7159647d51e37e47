import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, beforeEach, test } from 'node:test'
import { Upgrade } from '../../appliance/supervisor/upgrade/upgrade.ts'
import { cli } from './supervisor-run.ts'
import {
  audit,
  fileOf,
  makeSlot,
  openUpgradeBox,
  partitionSize,
  type Slot,
  send,
} from './upgrade-lab.ts'
import { ask, until, webOfFile } from './web-process.ts'

/** A real web process, the real API and the real writer, on a file that is no disk. */
const { web, folders } = await webOfFile()
const box = await openUpgradeBox(folders.run)
after(() => box.doors.close())
beforeEach(() => box.reset())

const slot = makeSlot()
const untouched = { order: 'ab', a: 'ok', b: 'ok', last: 'a' } as const
const emptied = { ...untouched, b: 'empty' } as const

/** Nobody, not even GRUB, takes the partition for a system. */
const assertNothingThere = (): void => {
  assert.deepEqual(box.at(0, 4096), Buffer.alloc(4096))
  assert.deepEqual(box.environment, emptied)
  assert.deepEqual([...box.starts], ['a'], 'a power cut at any moment starts what runs')
}

test('a slot that is sent over the network waits for the next start', async () => {
  const { status, body } = await send(web, fileOf(slot), { pieces: 100_000 })
  assert.equal(status, 200, JSON.stringify(body))
  const { state, version, bytes, of } = body
  assert.deepEqual([state, version, bytes, of], ['ready', '0.2.0', 5_242_880, 5_242_880])
  assert.ok(box.at(0, slot.body.length).equals(slot.body))
  assert.ok(box.at(slot.body.length, 4096).equals(slot.label))
  assert.equal(box.at(slot.body.length + 4096, 1)[0], 0xaa, 'and nothing behind it')
  assert.deepEqual(box.environment, { order: 'ba', a: 'ok', b: '3', last: 'a' })
  assert.deepEqual([...box.starts], ['a', 'b'])
  const told = box.events.map(event => event.split(':')[0])
  assert.deepEqual(told, ['upgrade-began', 'upgrade-ready'])
  assert.match(audit(box), /"who":"admin".*"operation":"takeUpgrade".*"outcome":"done"/)

  const restarted = new Upgrade(box.site)
  await restarted.look()
  assert.deepEqual([restarted.status?.state, restarted.status?.version], ['ready', '0.2.0'])

  const dropped = await ask(web, '/api/v1/upgrade', {
    method: 'DELETE',
    headers: { authorization: 'Bearer admin' },
  })
  assert.equal(dropped.status, 200, dropped.body)
  assert.deepEqual(box.environment, emptied)
})

const flipped = ({ label, body }: Slot, at: number): Buffer => {
  const damaged = Buffer.from(body)
  damaged[at] = (damaged[at] ?? 0) ^ 1
  return Buffer.concat([label, damaged])
}

for (const [where, at] of Object.entries({ 'its beginning': 100, 'its end': 5_242_879 })) {
  test(`a bit that was flipped near ${where} is noticed, and nothing starts it`, async () => {
    const { status, body } = await send(web, flipped(slot, at))
    assert.deepEqual([status, body.reason], [422, 'upgrade-failed'])
    assert.match(String(body.title), /damaged on its way: its SHA-256 is not that of its label/)
    assert.match(String(body.detail), /slot B holds nothing that could start; what runs is as it/)
    assert.equal(box.upgrade.status?.state, 'failed')
    assertNothingThere()
  })
}

test('a connection that is cut leaves nothing that starts, and the way free', async () => {
  const cut = send(web, fileOf(slot), {
    pieces: 500_000,
    each: async (sent, end) => {
      if (sent < 2_500_000) return
      await until('some of it to be written', () => {
        const { state, bytes } = box.upgrade.status ?? { state: 'none', bytes: 0 }
        return state === 'writing' && bytes > 0
      })
      end()
    },
  })
  await assert.rejects(cut)
  await until('the box to notice', () =>
    /^the connection ended/.test(box.upgrade.status?.why ?? ''),
  )
  assert.equal(box.upgrade.status?.state, 'failed')
  assertNothingThere()
  const again = await send(web, fileOf(slot))
  assert.equal(again.status, 200, JSON.stringify(again.body))
})

const refused: readonly [string, Buffer, string, RegExp][] = [
  ['something else', Buffer.alloc(9000, 1), 'not-a-slot', /does not begin with the label/],
  ['a short thing', Buffer.from('hello'), 'not-a-slot', /ends after 5 bytes/],
  ['the file system alone', slot.body, 'not-a-slot', /begins with the file system/],
  ['a slot for others', fileOf(makeSlot({ product: 'Other' })), 'not-a-slot', /is Other 0\.2\.0/],
  ['one byte too few', fileOf(slot).subarray(0, -1), 'not-a-slot', /is cut off/],
  ['one too large', fileOf(makeSlot({ size: partitionSize })), 'not-a-slot', /8388608 bytes/],
  [
    'one of others',
    fileOf(makeSlot({ by: 'others' })),
    'signature-required',
    /signed by somebody else/,
  ],
  ['one of nobody', fileOf(makeSlot({ by: 'nobody' })), 'signature-required', /is not signed/],
  ['an older one', fileOf(makeSlot({ schema: 1 })), 'older-schema', /up to schema 1/],
]

test('what is not for this box is refused before a byte is written, and why', async () => {
  for (const [what, bytes, reason, title] of refused) {
    const checked = { path: `/api/v1/upgrade/check?length=${bytes.length}` }
    for (const how of [{}, checked]) {
      const head = 'path' in how ? bytes.subarray(0, 4096) : bytes
      const { status, body } = await send(web, head, how)
      assert.deepEqual([status, body.reason], [422, reason], `${what}: ${JSON.stringify(body)}`)
      assert.match(String(body.title), title, what)
    }
  }
  box.trial = true
  const { status, body } = await send(web, fileOf(slot))
  box.trial = false
  assert.deepEqual([status, body.reason], [409, 'slot-on-trial'])
  assert.deepEqual(box.environment, untouched)
  assert.ok(box.at(0, partitionSize).equals(Buffer.alloc(partitionSize, 0xaa)))
  assert.deepEqual(box.events, [])
  assert.match(audit(box), /"operation":"takeUpgrade".*"outcome":"signature-required"/)
})

test('who may not, may not; who says that he knows what it is, gets it', async () => {
  const own = fileOf(makeSlot({ schema: 1 }))
  const operator = await send(web, own, { token: 'operator' })
  assert.deepEqual([operator.status, operator.body.reason], [403, 'not-allowed'])
  assert.deepEqual(box.environment, untouched)
  const wishes = '?older=yes'
  const check = `/api/v1/upgrade/check${wishes}&length=${own.length}`
  const checked = await send(web, own.subarray(0, 4096), { path: check })
  const { version, signature, slot: where } = checked.body
  assert.deepEqual([version, signature, where], ['0.2.0', 'good', 'b'])
  assert.deepEqual(box.environment, untouched)
  const taken = await send(web, own, { path: `/api/v1/upgrade${wishes}` })
  assert.equal(taken.status, 200, JSON.stringify(taken.body))
})

test('an own build is taken at the box, and from afar not even by an admin', async () => {
  const own = fileOf(makeSlot({ by: 'nobody' }))
  const sent = await send(web, own, { path: '/api/v1/upgrade?unsigned=yes' })
  assert.deepEqual([sent.status, sent.body.reason], [422, 'signature-required'])
  assert.match(String(sent.body.detail), /at the box itself: diarch upgrade FILE --unsigned$/)
  assert.deepEqual(box.environment, untouched)
  const path = join(folders.run, 'own.slot')
  writeFileSync(path, own)
  assert.match(await diarch(path), /is not signed.* --unsigned takes it all the same\.\nexit 1$/s)
  assert.match(await diarch(path, '--unsigned'), /\nexit 0$/)
})

test('what cannot be written yet waits at the sender; a second one is refused', async () => {
  let go = (): void => {}
  box.hold = new Promise(resolve => {
    go = resolve
  })
  const sized = makeSlot({ size: 7 * 1024 * 1024 })
  let sent = 0
  const first = send(web, fileOf(sized), {
    pieces: 64 * 1024,
    each: at => {
      sent = at
    },
  })
  await until('the box to be asked', () => sent > 4096)
  let before = -1
  await until('the sender to stand still', async () => {
    const still = sent === before
    before = sent
    await new Promise(resolve => setTimeout(resolve, 300))
    return still
  })
  assert.ok(sent < sized.body.length, `${sent} bytes were taken that nobody could write`)
  const second = await send(web, fileOf(slot))
  assert.deepEqual([second.status, second.body.reason], [409, 'upgrade-under-way'])
  assert.match(String(second.body.title), /^admin \(token, from 127\.0\.0\.1\) is sending/)
  go()
  box.hold = null
  const { status, body } = await first
  assert.equal(status, 200, JSON.stringify(body))
})

const diarch = async (...args: string[]): Promise<string> => {
  const env = { ...process.env, DIARCH_RUN: folders.run }
  const child = spawn(process.execPath, [cli, 'upgrade', ...args], { env })
  let said = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', part => {
      said += part
    })
  }
  const [code] = await once(child, 'close')
  return `${said}exit ${code}`
}

test('diarch upgrade FILE says what it does, and what it does not', async () => {
  const path = join(folders.run, 'new.slot')
  writeFileSync(path, fileOf(slot))
  const said = await diarch(path)
  assert.match(said, /^version 0\.2\.0 \(abc\), signed, goes into slot B$/m)
  assert.match(said, /^version 0\.2\.0: slot B is whole; the next start tries it\.$/m)
  assert.match(said, /--drop" takes it back\.\nexit 0$/)
  assert.deepEqual(box.environment, { order: 'ba', a: 'ok', b: '3', last: 'a' })
  assert.match(await diarch('--drop'), /exit 0$/)

  // As on a stick that the file was written to as it is.
  writeFileSync(path, Buffer.concat([fileOf(slot), Buffer.alloc(10_000)]))
  assert.match(await diarch(path), /is longer than it says of itself.*\nexit 1$/s)
  assert.match(await diarch('/nowhere'), /there is no such file\nexit 1$/)
  assert.match(await diarch(), /a file is needed.*\nexit 2$/)
})
