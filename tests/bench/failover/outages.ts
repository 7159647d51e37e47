import { milliseconds } from '../../../appliance/values/duration.ts'
import type { Bench, Group } from '../groups.ts'
import { type Bar, compared, shownBeside } from '../report.ts'
import type { Settings } from './box.ts'
import type { DiarchBox } from './diarch-box.ts'
import {
  carrierLost,
  failedOver,
  type Mishap,
  orderlyStop,
  powerLoss,
  vrrpKilled,
} from './mishap.ts'
import { diarchPair, keepalivedPair, oneAddress, type Pair } from './pair.ts'
import { alternate, notesOf } from './rounds.ts'

type OutageCase = {
  readonly name: string
  readonly bar: Bar
  /** What the bar is for: the ratio to keepalived, or our own outage. */
  readonly barOf: 'ratio' | 'diarch'
  readonly diarch: Told
  readonly keepalived: Told
  readonly mishap: Mishap
  /** Where only our own pair can do it. */
  readonly ownMishap?: (pair: Pair<DiarchBox>) => Mishap
}

type Told = {
  readonly settings: Settings
  /** The one that is in force. */
  readonly intervalMs: number
}

const every = (intervalMs: number): Told => ({
  intervalMs,
  settings: { version: 3, intervalMs, virtualAddresses: oneAddress },
})

const equal = (intervalMs: number) => ({
  diarch: every(intervalMs),
  keepalived: every(intervalMs),
})

const asShipped = (intervalMs: number): Told => ({
  intervalMs,
  settings: { virtualAddresses: oneAddress },
})

const withSecondPath = ({ intervalMs, settings }: Told): Told => ({
  intervalMs,
  settings: { ...settings, secondPath: 'eth1' },
})

const outageBar = (name: string, bar: number): Bar => ({ name, unit: 'ms', bar })

const cases: readonly OutageCase[] = [
  {
    name: '1s',
    bar: outageBar('power loss of the master, both v3 1 s', 1),
    barOf: 'ratio',
    ...equal(1000),
    mishap: powerLoss,
  },
  {
    name: '0.1s',
    bar: outageBar('power loss of the master, both v3 0.1 s', 1),
    barOf: 'ratio',
    ...equal(100),
    mishap: powerLoss,
  },
  {
    name: '0.01s',
    bar: outageBar('power loss of the master, both v3 0.01 s', 1.1),
    barOf: 'ratio',
    ...equal(10),
    mishap: powerLoss,
  },
  {
    name: 'default',
    bar: outageBar('power loss of the master, each as shipped (v3 0.1 s, v2 1 s)', 0.12),
    barOf: 'ratio',
    diarch: asShipped(100),
    keepalived: asShipped(1000),
    mishap: powerLoss,
  },
  {
    name: 'stop',
    bar: outageBar('orderly stop of the master, 0.1 s', 20),
    barOf: 'diarch',
    ...equal(100),
    mishap: orderlyStop,
  },
  {
    name: 'failover',
    bar: outageBar('diarch failover, 0.1 s (keepalived: SIGTERM)', 20),
    barOf: 'diarch',
    ...equal(100),
    mishap: orderlyStop,
    ownMishap: failedOver,
  },
  {
    name: 'vrrpd-1s',
    bar: outageBar('vrrpd killed on the master, 1 s (keepalived: its VRRP child)', 50),
    barOf: 'diarch',
    ...equal(1000),
    mishap: vrrpKilled,
  },
  {
    name: 'vrrpd-0.1s',
    bar: outageBar('vrrpd killed on the master, 0.1 s (keepalived: its VRRP child)', 50),
    barOf: 'diarch',
    ...equal(100),
    mishap: vrrpKilled,
  },
  {
    name: 'carrier',
    bar: outageBar('carrier lost on the master, second path there, 0.1 s', 50),
    barOf: 'diarch',
    diarch: withSecondPath(every(100)),
    keepalived: withSecondPath(every(100)),
    mishap: carrierLost,
  },
]

async function measure({ bar, barOf, mishap, ownMishap, ...told }: OutageCase, bench: Bench) {
  const { lab, folder, rounds } = bench
  const own = await diarchPair(lab, folder, told.diarch.settings)
  const theirs = await keepalivedPair(lab, told.keepalived.settings)
  const seen = await alternate(
    [
      {
        pair: own,
        interval: milliseconds(told.diarch.intervalMs),
        mishap: ownMishap?.(own) ?? mishap,
      },
      { pair: theirs, interval: milliseconds(told.keepalived.intervalMs), mishap },
    ],
    rounds,
  )
  const held = barOf === 'ratio' ? compared : shownBeside
  return [{ ...held(bar, seen.diarch, 'keepalived', seen.keepalived), notes: notesOf(seen) }]
}

export const outages: readonly Group[] = cases.map(one => ({
  name: one.name,
  bars: [one.bar],
  measure: bench => measure(one, bench),
}))
