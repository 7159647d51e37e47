import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import type { ToFlight } from '../../appliance/flight/flight-messages.ts'
import { FlightBook } from '../../appliance/supervisor/flights/flight-book.ts'
import { until } from '../net/vrrp-network.ts'

const at = '2026-11-22T05:00:00.000Z'

const bookIn = (stateDir: string) => {
  const sent: ToFlight[] = []
  const notes: string[] = []
  const book = new FlightBook({
    stateDir,
    send: message => sent.push(message) > 0,
    note: (event, text) => notes.push(`${event}: ${text}`),
  })
  return { book, sent, notes }
}

const folder = (t: TestContext): string => {
  const made = mkdtempSync(join(tmpdir(), 'flights-'))
  t.after(() => rmSync(made, { recursive: true }))
  return made
}

const hand = (book: FlightBook, number: number, texts: readonly string[]): void => {
  for (const text of texts) {
    const bytes = Buffer.from(text).toString('base64')
    book.onMessage({ kind: 'flight-part', number, bytes })
  }
  book.onMessage({ kind: 'flight-end', number, at, about: ['V1'], why: `the ${number}th` })
}

test('flights are kept, counted on, and the oldest go', async t => {
  const state = folder(t)
  const { book, sent, notes } = bookIn(state)
  book.onReady()
  assert.deepEqual(sent, [{ kind: 'next-flight', number: 1 }])
  for (let number = 1; number <= 32; number += 1) {
    hand(book, number, ['one ', `and ${number}`])
    await until(`flight ${number}`, async () => book.all[0]?.number === number)
  }
  assert.equal(book.all.length, 30)
  assert.deepEqual(book.all.at(-1), { number: 3, at, about: ['V1'], why: 'the 3th', bytes: 9 })
  assert.equal(Buffer.from((await book.read(32)) ?? []).toString(), 'one and 32')
  assert.equal(await book.read(2), null)
  assert.equal(readdirSync(join(state, 'flights')).length, 31)
  assert.deepEqual(notes, [])

  writeFileSync(join(state, 'flights', '99.pcapng.gz'), 'a power cut came before the list')
  const next = bookIn(state)
  next.book.onReady()
  assert.deepEqual(next.sent, [{ kind: 'next-flight', number: 33 }])
  assert.deepEqual(next.book.all, book.all)
  assert.equal(readdirSync(join(state, 'flights')).includes('99.pcapng.gz'), false)
})

test('what cannot be kept or read is said, and nothing else breaks', async t => {
  const state = folder(t)
  const { book, notes } = bookIn(state)
  hand(book, 1, ['whole'])
  await until('the first', async () => book.all.length === 1)
  writeFileSync(join(state, 'flights', '1.pcapng.gz'), 'no gzip')
  assert.equal(await book.read(1), null)
  rmSync(join(state, 'flights'), { recursive: true })
  writeFileSync(join(state, 'flights'), 'somebody has put a file here')
  hand(book, 2, ['lost'])
  await until('a word of it', async () => notes.length === 1)
  assert.match(notes[0] ?? '', /^flight-not-kept: flight 2, the 2th: /)
  assert.deepEqual(
    book.all.map(({ number }) => number),
    [1],
  )
  // vrrpd has died in the middle of one, and begins it again.
  rmSync(join(state, 'flights'))
  book.onMessage({ kind: 'flight-part', number: 3, bytes: Buffer.from('half').toString('base64') })
  book.onReady()
  hand(book, 3, ['whole'])
  await until('the third', async () => book.all[0]?.number === 3)
  assert.equal(Buffer.from((await book.read(3)) ?? []).toString(), 'whole')
})

test('a number that is none, more than fits, and a list that is none: nothing is kept of it', t => {
  const state = folder(t)
  const { book, notes } = bookIn(state)
  hand(book, '../../x' as never, ['text'])
  hand(book, Number.NaN, ['text'])
  const long = 'x'.repeat(9 * 1024 * 1024)
  hand(book, 1, [long, long])
  assert.deepEqual(notes, ['flight-not-kept: flight 1, the 1th: it is longer than 16777216 bytes'])
  assert.deepEqual(book.all, [])
  mkdirSync(join(state, 'flights'), { recursive: true })
  writeFileSync(join(state, 'flights/list.json'), '{"no": "list"}')
  assert.deepEqual(bookIn(state).book.all, [])
})
