/** Somebody on the network of the clients, who can send there whatever he likes. */

import { milliseconds } from '../../../appliance/values/duration.ts'
import { ipAddress } from '../../../appliance/values/ip-address.ts'
import type { EnsembleInput } from '../../../appliance/vrrp/ensemble.ts'
import { advertOf } from '../../../appliance/vrrp/expectations.ts'
import { Trouble } from '../trouble.ts'
import { addressOf, type Lie } from './plan.ts'
import type { GuardWorld } from './world.ts'

type Advert = Extract<EnsembleInput, { readonly input: 'AdvertReceived' }>

const third = ipAddress('192.0.2.66')

/** What the other box may be thought to have said. */
const inItsName: ReadonlySet<Lie> = new Set(['the peer leads', 'the peer gives up', 'replay'])

/** So much of what was said can be sent again. */
const mostRecorded = 200

export class Forger {
  readonly #world: GuardWorld
  readonly #recorded: Advert[] = []
  /** Of lies that nothing belies: heartbeats that are slower than adverts bear out no advert. */
  readonly trouble = new Trouble()
  #spell = 0

  constructor(world: GuardWorld) {
    this.#world = world
  }

  overhear(advert: Advert): void {
    this.#recorded.push(advert)
    if (this.#recorded.length > mostRecorded) this.#recorded.shift()
  }

  begin(lies: readonly Lie[], every: number): void {
    const spell = ++this.#spell
    if (this.#isBelieved(lies)) this.trouble.begin()
    const tell = (): void => {
      if (spell !== this.#spell) return
      for (const lie of lies) this.#tell(lie)
      this.#world.timeline.after(every, tell)
    }
    tell()
  }

  end(lies: readonly Lie[]): void {
    this.#spell += 1
    if (this.#isBelieved(lies)) this.trouble.end(this.#world.timeline.now)
  }

  #isBelieved(lies: readonly Lie[]): boolean {
    const { guards, routers } = this.#world.plan
    const isSlow = guards[0].interval > routers[0][0]!.interval
    return isSlow && lies.some(lie => inItsName.has(lie))
  }

  #tell(lie: Lie): void {
    const { boxes, plan, random } = this.#world
    for (const box of boxes) {
      const peer = box.index === 0 ? 1 : 0
      for (const config of plan.routers[box.index]) {
        const say = (priority: number, source = third): void =>
          box.arrives('lan', {
            input: 'AdvertReceived',
            router: config.name,
            advert: { ...advertOf(config, priority), interval: milliseconds(config.interval) },
            source,
            secondPath: false,
            now: box.now,
          })
        switch (lie) {
          case 'a third one leads':
            say(255)
            break
          case 'a third one gives up':
            say(0)
            break
          case 'the peer leads':
            say(254, addressOf(peer))
            break
          case 'the peer gives up':
            say(0, addressOf(peer))
            break
        }
      }
      const old = lie === 'replay' ? random.pick(this.#recorded) : undefined
      // What bears our own address is refused before it comes here.
      if (old !== undefined && old.source !== addressOf(box.index)) box.arrives('lan', old)
    }
  }
}
