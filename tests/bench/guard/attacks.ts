import { milliseconds } from '../../../appliance/values/duration.ts'
import { type Forgery, forge } from '../../lab/namespaces/forge.ts'
import { sources, virtualAddress } from '../failover/pair.ts'
import { interval } from './interval.ts'

export type Attack = {
  readonly title: string
  /** `recorded`: what the master has said a while ago, its release among it. */
  readonly frames: (recorded: readonly Buffer[]) => readonly Buffer[]
}

const ours: Forgery = {
  vrid: 1,
  addresses: [virtualAddress],
  interval: milliseconds(interval),
}

/** What whoever can send a frame on that network can send. */
export const attacks: readonly Attack[] = [
  {
    title: 'interval 40.95 s',
    frames: () => [forge({ ...ours, interval: milliseconds(40_950) })],
  },
  { title: 'interval 0', frames: () => [forge({ ...ours, interval: milliseconds(0) })] },
  { title: 'priority 255', frames: () => [forge({ ...ours, priority: 255 })] },
  { title: 'priority 0', frames: () => [forge({ ...ours, priority: 0 })] },
  { title: 'replay', frames: recorded => recorded },
  {
    title: 'forged sources',
    frames: () => [
      forge({ ...ours, source: sources.first, priority: 0 }),
      forge({ ...ours, source: sources.second, priority: 254 }),
    ],
  },
]
