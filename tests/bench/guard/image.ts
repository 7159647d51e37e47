import { newestImage } from '../../../image/run/newest-image.ts'
import { type StormPair, stormPair } from '../../storm/boxes.ts'
import { type Hung, hangSupervisor } from '../../storm/hang.ts'
import { Holders } from '../../storm/holders.ts'
import { pausedFor, pauseLeader, type Resumed } from '../../storm/pause.ts'
import { takeToken, untilWell } from '../../storm/wellness.ts'
import type { Bench, Group } from '../groups.ts'
import { requestsTo } from '../pair/power-cut.ts'
import { type Bar, type Case, measured } from '../report.ts'
import { Scope } from '../scope.ts'
import { say } from '../shown.ts'
import { interval } from './interval.ts'

/** Each costs a boot. */
const mostHangs = 2

const hang = 'SIGSTOP of the supervisor (image)'
const pause = `VM paused ${pausedFor / 1000} s and resumed (image)`
const bars: readonly [reset: Bar, before: Bar, inAll: Bar, both: Bar, wrong: Bar] = [
  { name: `${hang}: until the watchdog resets the box`, unit: 's', bar: 30 },
  { name: `${hang}: longest time without an answer until then`, unit: 'ms', bar: 0 },
  { name: `${hang}: longest time without an answer`, unit: 'ms', bar: 3 * interval + 200 },
  { name: `${pause}: two owners after that`, unit: 'ms', bar: interval },
  { name: `${pause}: rounds in which the client has the wrong one`, unit: 'rounds', bar: 0 },
]

async function measure({ rounds }: Bench): Promise<readonly Case[]> {
  return await Scope.with(async scope => {
    const pair = await stormPair(scope, process.env.DIARCH_IMAGE ?? newestImage())
    await untilWell(pair)
    await takeToken(pair)
    const resumed = await pauses(pair, rounds)
    const hung = await hangs(pair, Math.min(rounds, mostHangs))
    const wrong = resumed.filter(({ isRight }) => !isRight).length
    const well = hung.map(({ recovery }) => `${Math.round(recovery.after / 1000)} s`).join(', ')
    const notes = [`the pair was well again ${well} after the reset`]
    const samples = [
      hung.map(({ reset }) => reset / 1000),
      hung.map(({ missed }) => missed.before),
      hung.map(({ missed }) => missed.inAll),
      resumed.map(({ both }) => both),
      [wrong],
    ]
    return bars.map((bar, index) => {
      const shown = measured(bar, samples[index] ?? [])
      return index === 0 ? { ...shown, notes } : shown
    })
  })
}

async function pauses(pair: StormPair, rounds: number): Promise<readonly Resumed[]> {
  const holders = await Holders.watch(pair.lab, pair.lan, '192.0.2.100')
  const seen: Resumed[] = []
  for (let round = 1; round <= rounds; round += 1) {
    const done = await pauseLeader(pair, holders)
    say(`   paused: two owners for ${Math.round(done.both)} ms${done.isRight ? '' : ', wrong one'}`)
    seen.push(done)
  }
  await holders.stop()
  return seen
}

async function hangs(pair: StormPair, rounds: number): Promise<readonly Hung[]> {
  const requests = await requestsTo(pair.client)
  const seen: Hung[] = []
  for (let round = 1; round <= rounds; round += 1) {
    const done = await hangSupervisor(pair, requests)
    const missed = `${Math.round(done.missed.before)}, ${Math.round(done.missed.inAll)} ms missed`
    say(`   hung: reset after ${Math.round(done.reset)} ms, ${missed}`)
    seen.push(done)
  }
  return seen
}

export const image: Group = { name: 'image', bars, measure }
