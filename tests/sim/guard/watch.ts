/** What must hold in every run of the guard world. */

import type { GuardBox } from './box.ts'
import { longestWay } from './plan.ts'
import type { GuardWorld } from './world.ts'

/** Loop turns and timers that are late. */
const reaction = 3

type Both = { readonly since: number; readonly isExcused: boolean; readonly areNew: boolean }

/** Watches who has the addresses. */
export class Watch {
  readonly #world: GuardWorld
  /** By router: since when both boxes have its addresses, and whether a witness answers both. */
  readonly #both = new Map<string, Both>()
  /** Of each router: since when somebody has its addresses. */
  readonly #heldSince = new Map<string, number>()
  /** By router: one box alone has, or has had until then, its addresses since then. */
  readonly #alone = new Map<string, { readonly since: number; until: number }>()
  #settled = false

  constructor(world: GuardWorld) {
    this.#world = world
  }

  owners(router: string): void {
    const { boxes, timeline } = this.#world
    const count = boxes.filter(({ held }) => held.has(router)).length
    if (count === 0) this.#heldSince.delete(router)
    else if (!this.#heldSince.has(router)) this.#heldSince.set(router, timeline.now)
    if (count === 1) this.#alone.set(router, { since: timeline.now, until: Infinity })
    else {
      const alone = this.#alone.get(router)
      if (alone?.until === Infinity) alone.until = timeline.now
    }
    const open = this.#both.get(router)
    if (count === 2 && open === undefined) {
      // Both reach the witness, as far as they know: nothing tells them apart.
      const { leases } = this.#world.plan.guards[0]
      const isExcused =
        leases.length === 0 && boxes.every(box => box.witnessLost === 0 || box.witnessSeen)
      // Of two that start together neither waits for a master, until it misses the other one.
      const areNew = boxes.every(({ guard }) => guard?.pathIsUp() === true)
      this.#both.set(router, { since: timeline.now, isExcused, areNew })
    }
    if (count < 2 && open !== undefined) {
      this.#judge(router, open)
      this.#both.delete(router)
    }
  }

  /** Whoever measures quiet times closes his books. */
  beforeTrouble(): void {
    for (const [router, open] of this.#both) this.#judge(router, open)
  }

  #judge(router: string, { since, isExcused, areNew }: Both): void {
    const { timeline, plan, boxes } = this.#world
    const [one, other] = boxes
    const running = Math.max(one.trouble.quietSince(), other.trouble.quietSince())
    const guard = plan.guards[0]
    const { interval } = plan.routers[0][0]!
    const path = Math.min(...plan.paths.map(name => this.#world.quietSince(name)))
    const lasted = timeline.now - Math.max(since, running, path)
    // Its first interval as a master, a word in each direction, and a new boot says its number.
    const most = interval + 4 * guard.interval + 2 * longestWay + reaction
    if (lasted > most) {
      const text = `both have had ${router} for ${lasted.toFixed(1)} ms while a path beside works`
      this.#world.violate(`${text}; ${most.toFixed(1)} ms is the most`)
    }
    if (guard.policy === 'availability-first' || isExcused) return
    const strict = timeline.now - Math.max(since, running)
    const noticed = areNew ? (guard.missed + 1.5) * guard.interval : 0
    const bound = noticed + 2 * longestWay + reaction
    if (strict <= bound) return
    const text = `both have had ${router} for ${strict.toFixed(1)} ms, and one owner comes first`
    this.#world.violate(`${text}; ${bound} ms is the most`)
  }

  changed(box: GuardBox, router: string, from: string, to: string): void {
    const { timeline, plan } = this.#world
    if (this.#settled) {
      this.#world.violate(`${box.name} ${router}: ${from} -> ${to} although nothing happens`)
    }
    this.#askWhy(box, router, from, to)
    if (from !== 'backup' || to !== 'master') return
    const peer = this.#world.boxes[1 - box.index]!
    const since = this.#heldSince.get(router)
    // Two that take over in the same moment have not heard of each other.
    const isKnown = since !== undefined && timeline.now - since > 2 * longestWay + reaction
    if (!peer.held.has(router) || peer.frozen || !isKnown) return
    if (this.#mayPreempt(box, router)) return
    const path = Math.min(...plan.paths.map(name => this.#world.quietSince(name)))
    const all = [box, peer, this.#world.forger].map(({ trouble }) => trouble.quietSince())
    const quiet = Math.max(path, ...all)
    const { interval } = plan.guards[0]
    if (timeline.now - quiet <= 4 * interval + longestWay + reaction) return
    this.#world.violate(`${box.name} takes ${router} over, and a path says that its master serves`)
  }

  /** Where one box serves and all works, only a better one may move it, whatever somebody says. */
  #askWhy(box: GuardBox, router: string, from: string, to: string): void {
    const { timeline, plan } = this.#world
    const alone = this.#alone.get(router)
    const calm = Math.max(this.#world.calmSince(), alone?.since ?? Infinity)
    if (timeline.now <= calm + plan.settling || alone!.until < timeline.now) return
    if (from === 'backup' && this.#mayPreempt(box, router)) return
    const text = `${box.name} ${router}: ${from} -> ${to}`
    this.#world.violate(`${text} although nothing is wrong but what somebody forges`)
  }

  #mayPreempt(box: GuardBox, router: string): boolean {
    const [own, theirs] = [box.index, 1 - box.index].map(index =>
      this.#world.plan.routers[index]!.find(({ name }) => name === router),
    )
    return own!.preempt && own!.priority > theirs!.priority
  }

  settled(): void {
    const { boxes, plan } = this.#world
    for (const { name } of plan.routers[0]) {
      const owners = boxes.filter(({ held }) => held.has(name))
      if (owners.length === 1) continue
      const names = owners.map(box => box.name).join(' and ') || 'nobody'
      this.#world.violate(`${name} is owned by ${names} although all is mended`)
    }
    this.#settled = true
  }
}
