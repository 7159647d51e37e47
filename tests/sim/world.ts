import type { Instant } from '../../appliance/values/duration.ts'
import type { EnsembleEffect, EnsembleInput } from '../../appliance/vrrp/ensemble.ts'
import { Box } from './box.ts'
import type { Invariant } from './invariants/invariant.ts'
import { Network } from './network.ts'
import type { Random } from './random.ts'
import type { Scenario } from './scenario.ts'
import { Tally } from './tally.ts'
import { Timeline } from './timeline.ts'
import type { Trace } from './trace.ts'
import type { Brain, Vrrpd } from './vrrpd.ts'

export type Options = {
  /** The ensemble, or what a test puts in its place; by the name of the box. */
  readonly brain: (box: string) => Brain
  /** A shell that gets it wrong: its late timer comes before the waiting packets. */
  readonly timerFirst: boolean
  readonly log: ((line: string) => void) | null
}

/** One input of a vrrpd and what its ensemble made of it. */
export type Feed = {
  readonly box: Box
  readonly vrrpd: Vrrpd
  readonly input: EnsembleInput
  readonly effects: readonly EnsembleEffect[]
  readonly now: Instant
}

export class Violation extends Error {}

/** Everything that there is in a run. */
export class World {
  readonly timeline = new Timeline()
  readonly tally = new Tally()
  readonly network: Network
  readonly boxes: readonly Box[]
  readonly scenario: Scenario
  readonly random: Random
  readonly options: Options
  readonly invariants: Required<Invariant>
  /** Of all inputs and effects, in their order: the same seed has the same. */
  digest = 0x811c9dc5

  constructor(
    scenario: Scenario,
    random: Random,
    options: Options,
    invariants: (world: World) => Required<Invariant>,
  ) {
    this.scenario = scenario
    this.random = random
    this.options = options
    const { cluster } = scenario
    this.network = new Network(cluster, this.timeline, random, this.tally)
    this.boxes = cluster.boxes.map((plan, index) => new Box(this, plan, index))
    for (const box of this.boxes) this.network.attach(box)
    this.invariants = invariants(this)
  }

  /** Lazily, since most runs are not read. */
  log(text: () => string): void {
    const { log } = this.options
    if (log === null) return
    const time = this.timeline.now.toFixed(3).padStart(12)
    for (const line of text().split('\n')) log(`${time}  ${line}`)
  }

  violate(message: string): never {
    throw new Violation(`at ${this.timeline.now.toFixed(3)} ms: ${message}`)
  }

  /** Whoever measures quiet times closes his books. */
  beforeTrouble(): void {
    this.invariants.beforeTrouble()
  }

  fed(feed: Feed): void {
    const { box, input, effects } = feed
    let digest = this.digest
    digest = Math.imul(digest ^ Math.floor(this.timeline.now * 1000), 0x01000193)
    digest = Math.imul(digest ^ (box.index * 31 + input.input.length), 0x01000193)
    for (const { effect } of effects) digest = Math.imul(digest ^ effect.length, 0x01000193)
    this.digest = digest
    this.log(() => [`${box.name}: ${said(input)}`, ...effects.map(done)].join('\n'))
  }

  tracesOf(box: Box): Iterable<Trace> {
    return box.vrrpd?.traces.values() ?? []
  }
}

function said(input: EnsembleInput): string {
  switch (input.input) {
    case 'AdvertReceived': {
      const { router, source, advert, secondPath } = input
      const path = secondPath ? ' on a second path' : ''
      return `${router} hears ${advert.priority} from ${source}${path}`
    }
    case 'PeerSaid':
      return `${input.router}: the peer says: ${input.word.says}`
    case 'Paused':
      return `its box stood still for ${input.lost} ms`
    case 'PeerDoubted':
      return 'its direct link is dead'
    case 'Guarded':
      return input.restraint ?? 'may lead'
    case 'TakeoverHeld':
      return input.why ?? 'may take over'
    case 'TimerDue':
      return 'its timer is due'
    case 'Configured':
      return `configured: ${input.routers.map(routerText).join(', ')}`
    case 'InterfacesSeen': {
      const states = [...input.interfaces].map(([eth, { down, inet }]) => {
        return `${eth} ${down ?? (inet === null ? 'has no address' : 'is up')}`
      })
      return states.join(', ')
    }
    case 'Impeded':
      return `the kernel refuses addresses: ${[...input.impediments.keys()].join(', ')}`
    case 'TrackersReported':
      if (input.verdicts.size === 0) return 'no tracker has spoken yet'
      return [...input.verdicts].map(([name, { state }]) => `${name} is ${state}`).join(', ')
    case 'MaintenanceSet':
      return input.why === null ? 'maintenance is over' : 'is put into maintenance'
    case 'FailoverRequested':
      return `is asked for a failover of ${input.router ?? 'everything'}`
    case 'StopRequested':
      return 'is asked to stop'
  }
}

const routerText = ({ name, priority, interval, version, preempt, syncGroup }: RouterText) =>
  `${name} v${version} ${priority} every ${interval} ms${preempt ? '' : ' nopreempt'}` +
  `${syncGroup === null ? '' : ` in ${syncGroup}`}`

type RouterText = (EnsembleInput & { input: 'Configured' })['routers'][number]

function done(effect: EnsembleEffect): string {
  const what = `          ${effect.router}:`
  switch (effect.effect) {
    case 'SendAdvert':
      return `${what} sends ${effect.priority}`
    case 'HoldAddresses':
      return `${what} holds its addresses`
    case 'ReleaseAddresses':
      return `${what} releases its addresses`
    case 'Announce':
      return `${what} announces (${effect.because})`
    case 'StateChanged':
      return `${what} ${effect.from} -> ${effect.to}: ${effect.why}`
    case 'Noticed':
      return `${what} notices ${effect.notice.reason}`
  }
}
