import assert from 'node:assert/strict'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Duration, minutes, seconds } from '../../appliance/values/duration.ts'
import { answers } from '../lab/namespaces/web-server.ts'
import type { StormBox, StormPair } from './boxes.ts'
import type { Holders } from './holders.ts'
import { leaderOf, untilWell } from './wellness.ts'

export const pausedFor: Duration = seconds(5)

export type Resumed = {
  /** How long both boxes answered for the address after it went on, until all was well. */
  readonly both: Duration
  /** Whether the client had the hardware address of the box that leads then. */
  readonly isRight: boolean
}

/** QEMU stops the box that leads, with its clocks, and lets it go on. */
export async function pauseLeader(pair: StormPair, holders: Holders): Promise<Resumed> {
  const index = await leaderOf(pair)
  const [leader, other] = [pair.boxes[index], pair.boxes[1 - index] as StormBox]
  const begun = Date.now()
  await leader.standStill()
  await servedBy(pair, other)
  await sleep(Math.max(0, begun + pausedFor - Date.now()))
  const resumed = Date.now()
  await leader.goOn()
  // It ends when one of them has the address, and the client knows which.
  await untilWell(pair)
  const both = holders.both(resumed)
  const isRight = async () => {
    const known = await pair.client.must('ip', ['neighbour', 'show', '192.0.2.100'])
    return holders.last !== null && known.includes(holders.last)
  }
  if (await isRight()) return { both, isRight: true }
  // It may have been handed over between the two looks.
  await sleep(1000)
  return { both, isRight: await isRight() }
}

/** The client has found it, and is answered through it. */
async function servedBy({ client }: StormPair, box: StormBox): Promise<void> {
  for (const end = performance.now() + minutes(1); ; await sleep(100)) {
    const known = await client.must('ip', ['neighbour', 'show', '192.0.2.100'])
    if (known.includes(box.mac)) break
    assert.ok(performance.now() < end, `the other box serves, and not: ${known.trim()}`)
  }
  const counts = await answers(client, 4, 'http://192.0.2.100/')
  assert.equal(counts.failed, undefined, `the other box serves: ${JSON.stringify(counts)}`)
}
