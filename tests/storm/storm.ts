import { setTimeout as sleep } from 'node:timers/promises'
import type { Duration } from '../../appliance/values/duration.ts'
import type { Prober } from '../lab/namespaces/prober.ts'
import type { StormBox, StormPair } from './boxes.ts'
import type { Holders } from './holders.ts'
import { missedSince } from './missed.ts'
import { type Fault, type Sequence, wordsOf } from './plan.ts'
import { eventsOf, type Recovery, untilWell } from './wellness.ts'

export type Outcome = {
  /** How long the client had no answer, in all and at the longest, in ms. */
  readonly silent: number
  readonly longest: number
  /** How long both boxes answered for the address, in all. */
  readonly both: Duration
  /** After the last fault had ended. */
  readonly recovery: Recovery
}

export function outcomeInWords({ silent, longest, both, recovery }: Outcome): string {
  const missed = `${Math.round(silent)} ms without an answer, at most ${Math.round(longest)}`
  const owners = `two owners for ${Math.round(both)} ms`
  const well = `well after ${(recovery.after / 1000).toFixed(1)} s (${recovery.missing})`
  return `${missed}; ${owners}; ${well}`
}

export type Weather = {
  readonly pair: StormPair
  readonly requests: Prober
  readonly holders: Holders
}

/** Shorter ones are a busy machine's, which emulates two boxes. */
const explainable = 3000

/**
 * Faults, and then all is put right but by nobody in the boxes. Throws when the pair does not come
 * to be well by itself, and when the client missed something that no event tells of.
 */
export async function weather(
  { pair, requests, holders }: Weather,
  sequence: Sequence,
): Promise<Outcome> {
  const before = await eventsOf(pair)
  const begun = Date.now()
  // What is done to one box is done one after the other.
  const busy: [Promise<void>, Promise<void>] = [Promise.resolve(), Promise.resolve()]
  for (const fault of sequence) {
    await sleep(fault.after)
    busy[fault.box] = busy[fault.box].then(() => suffer(pair.boxes[fault.box], fault))
    // It is awaited below; nobody else shall find it unhandled.
    busy[fault.box].catch(() => undefined)
  }
  await Promise.all(busy)
  const recovery = await untilWell(pair)
  const both = holders.both(begun)
  const gaps = missedSince(requests, begun)
  const silent = gaps.reduce((sum, { length }) => sum + length, 0)
  const longest = Math.max(0, ...gaps.map(({ length }) => length))
  const told = [...(await eventsOf(pair))].filter(line => !before.has(line))
  if (longest > explainable && !told.some(line => explains.test(line))) {
    const words = sequence.map(wordsOf).join('; ')
    throw new Error(
      `nothing tells why there was no answer for ${longest} ms: ${words}\n${told.join('\n')}`,
    )
  }
  return { silent, longest, both, recovery }
}

const explains =
  /: (master|backup|fault|released|process-ended|path-silent|server-down|pair-\S+|time-\S+): /

async function suffer(box: StormBox, { kind, lasts, process }: Fault): Promise<void> {
  switch (kind) {
    case 'power':
      await box.powerOff()
      await sleep(lasts)
      return box.powerOn()
    case 'pause':
      await box.standStill()
      await sleep(lasts)
      return box.goOn()
    case 'unplug':
      await box.unplug()
      await sleep(lasts)
      return box.plugIn()
    case 'deaf':
    case 'mute':
      await box.link.silence(kind === 'deaf' ? 'in' : 'out')
      await sleep(lasts)
      return box.link.heal()
    case 'kill':
      return box.kill(process)
    case 'full':
      await box.fillDisk()
      await sleep(lasts)
      return box.emptyDisk()
  }
}
