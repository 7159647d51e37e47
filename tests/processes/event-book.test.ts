import assert from 'node:assert/strict'
import { appendFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import type { BoxEvent } from '../../appliance/status/events.ts'
import { EventBook } from '../../appliance/supervisor/event-book.ts'

function place(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'diarch-events-'))
  t.after(() => rmSync(folder, { recursive: true }))
  return join(folder, 'events.jsonl')
}

const event = (number: number): BoxEvent => ({
  at: '2026-11-21T00:00:00.000Z',
  about: 'VI_1',
  event: 'master',
  text: `${number}`,
  times: 1,
})

const open = (path: string): EventBook => new EventBook(path, () => {})

test('after a restart all is there, also behind a line that is half written', t => {
  const path = place(t)
  open(path).add([event(1), event(2)])
  appendFileSync(path, '{"at":"2026-')
  const next = open(path)
  assert.deepEqual(next.all(), [event(1), event(2)])
  next.add([event(3)])
  assert.deepEqual(open(path).all(), [event(1), event(2), event(3)])
})

test('a run that did not end in order is told of by the next one, and no other', t => {
  const path = place(t)
  const first = open(path)
  first.begin()
  assert.deepEqual(first.all(), [], 'nothing was before')
  first.add([event(1)])
  const second = open(path)
  second.begin()
  second.end('SIGTERM')
  const third = open(path)
  third.begin()
  assert.deepEqual(
    third.all().map(({ about, event: what, text }) => `${about} ${what}: ${text}`),
    [
      'VI_1 master: 1',
      `supervisor supervisor-restarted: it ended without an orderly stop, after ${event(1).at}`,
      'supervisor supervisor-stopped: SIGTERM',
    ],
  )
})

test('the file stays small however much happens', t => {
  const path = place(t)
  const book = open(path)
  for (let number = 0; number < 5000; number += 1) book.add([event(number)])
  assert.ok(readFileSync(path, 'utf8').split('\n').length <= 2001)
  const read = open(path).all()
  assert.equal(read.length, 1000)
  assert.equal(read.at(-1)?.text, '4999')
})

test('a folder that is not there costs nothing but the memory of a restart', t => {
  const book = open(join(place(t), 'missing', 'events.jsonl'))
  book.add([event(1)])
  assert.equal(book.all().length, 1)
})
