import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Lead, leadBytes, leadsIn, MuteWatch } from '../../appliance/supervision/lead.ts'
import { instant } from '../../appliance/values/duration.ts'

const lead = (mark: number, until: number): Lead => ({ mark, until: instant(until) })

/** Looks whenever it wants to, as vrrpd's notes are at that moment, and says when it found whom. */
function watched(notes: (at: number) => readonly Lead[], end: number) {
  const watch = new MuteWatch()
  const found: { at: number; mark: number }[] = []
  let looks = 0
  for (let at = 0; at < end; at = watch.lookAt ?? end) {
    looks += 1
    for (const { mark } of watch.look(notes(at), instant(at))) found.push({ at, mark })
  }
  return { found, looks }
}

/** A master with an advert each `interval` until it is stopped; a backup waits 3.4 of them. */
const speaks =
  (mark: number, interval: number, stopped = Infinity) =>
  (at: number) => {
    const last = Math.floor(Math.min(at, stopped) / interval) * interval
    return [lead(mark, last + 3.4 * interval)]
  }

test('what vrrpd has noted is what the supervisor reads', () => {
  const leads = [lead(0xffffffff, 12_345.678), lead(7, 1e12 + 0.25)]
  assert.deepEqual(leadsIn(leadBytes(leads)), leads)
  assert.deepEqual(leadsIn(leadBytes([])), [])
  // A shorter note leaves the end of a longer one behind it.
  const page = Uint8Array.from([...leadBytes([lead(1, 2)]), ...leadBytes(leads)])
  assert.deepEqual(leadsIn(page), [lead(1, 2)])
})

test('a page that is not whole says nothing', () => {
  const bytes = leadBytes([lead(1, 2), lead(3, 4)])
  for (let length = 0; length < bytes.length; length += 1) {
    assert.deepEqual(leadsIn(bytes.subarray(0, length)), [], `${length} bytes`)
  }
  for (const count of [NaN, Infinity, -1, 1e9]) {
    assert.deepEqual(leadsIn(new Uint8Array(Float64Array.of(count, 1, 2).buffer)), [])
  }
})

test('a master that stops is found when its word is over, once, at every interval', () => {
  for (const interval of [10, 50, 100, 1000, 10_000]) {
    const stopped = 20.5 * interval
    const { found } = watched(speaks(1, interval, stopped), 40 * interval)
    assert.deepEqual(found, [{ at: 23.4 * interval, mark: 1 }], `${interval} ms`)
  }
})

test('a master that speaks is never found, and costs fewer looks than it sends adverts', () => {
  for (const interval of [10, 50, 100, 250]) {
    const { found, looks } = watched(speaks(1, interval), 200 * interval)
    assert.deepEqual(found, [])
    assert.ok(looks <= 100, `${looks} looks for 200 adverts of ${interval} ms`)
  }
  const slow = watched(speaks(1, 10_000), 200_000)
  assert.deepEqual([slow.found, slow.looks], [[], 200])
})

test('each router has its own patience', () => {
  const both = (at: number) => [...speaks(1, 100, 1050)(at), ...speaks(2, 1000, 1050)(at)]
  assert.deepEqual(watched(both, 10_000).found, [
    { at: 1340, mark: 1 },
    { at: 4400, mark: 2 },
  ])
})

test('who was found, speaks and stops again is found again', () => {
  const watch = new MuteWatch()
  const look = (until: number, at: number) => watch.look([lead(1, until)], instant(at)).length
  assert.equal(look(340, 300), 0)
  assert.equal(look(340, 340), 1)
  assert.equal(look(340, 380), 0)
  assert.equal(look(740, 420), 0)
  assert.equal(look(740, 740), 1)
  // It has spoken between two looks, and is mute again.
  assert.equal(look(1140, 1740), 1)
})

test('who leads no more is not found, and nobody is after an end', () => {
  const watch = new MuteWatch()
  assert.deepEqual(watch.look([lead(1, 340)], instant(0)), [])
  assert.deepEqual(watch.look([], instant(340)), [])
  assert.equal(watch.lookAt, 1340)
  watch.forget()
  assert.equal(watch.lookAt, null)
})

test('a supervisor that stood still itself lets vrrpd speak first, and not for ever', () => {
  const watch = new MuteWatch()
  watch.look([lead(1, 340)], instant(0))
  assert.deepEqual(watch.look([lead(1, 340)], instant(5000)), [])
  assert.equal(watch.lookAt, 5020)
  // Asked by somebody else meanwhile.
  assert.deepEqual(watch.look([lead(1, 340)], instant(5001)), [])
  assert.equal(watch.lookAt, 5020)
  // vrrpd has woken up too.
  assert.deepEqual(watch.look([lead(1, 5340)], instant(5020)), [])
  assert.equal(watch.lookAt, 5340)
  // It stood still again, and is late for the second look as well.
  assert.deepEqual(watch.look([lead(1, 5340)], instant(9000)), [])
  assert.deepEqual(watch.look([lead(1, 5340)], instant(9100)), [lead(1, 5340)])
})
