import type { FencingConfig } from '../config/fencing-schema.ts'
import { isSame } from '../config/same.ts'
import type { FenceDevice, FromFence } from '../fencing/fence-messages.ts'
import {
  type Attempt,
  type FencingDeviceHere,
  type FencingPlan,
  fence,
  switchOn,
} from '../fencing/fencing.ts'
import type { PowerDevice, PowerState } from '../fencing/power-device.ts'
import { switchOff, wasOff, words } from '../fencing/switching.ts'
import type { FenceWish } from '../guard/fence-watch.ts'
import { minutes } from '../values/duration.ts'
import { driver } from './driver.ts'
import { patienceUntil, Wakefulness } from './patience.ts'
import { ScriptCalls } from './script-device.ts'

type Learnt = readonly [state: 'ok' | 'failing', why: string, power: PowerState | null]
type Used = { readonly failed: string | null; readonly text: string }

const retryAfter = minutes(1)

/** The shell around appliance/fencing: devices, time, and what each device said last. */
export class Fence {
  readonly #say: (message: FromFence) => void
  readonly #scripts: ScriptCalls
  #devices: readonly FencingDeviceHere[] = []
  #known = new Map<string, FenceDevice>()
  #config: FencingConfig | null = null
  #wish: FenceWish | null = null
  /** The wish that is done with: whoever is on again for it is not switched off for it again. */
  #confirmed: string | null = null
  #over = new AbortController()
  readonly #awake = new Wakefulness()
  #testing: NodeJS.Timeout | null = null

  constructor(say: (message: FromFence) => void) {
    this.#say = say
    this.#scripts = new ScriptCalls(say)
  }

  configure(config: FencingConfig): void {
    const [old, before] = [this.#config?.devices ?? {}, this.#known]
    this.#config = config
    const configured = Object.entries(config.devices)
    this.#known = new Map(
      configured.map(([name, device]) => {
        const known = isSame(old[name], device) ? before.get(name) : undefined
        return [name, known ?? untested(name, device.kind, device.box)]
      }),
    )
    this.#devices = configured.map(([name, device]) => ({
      name,
      device: this.#watched(name, driver(name, device, this.#scripts)),
      delay: device.delay,
      timeout: device.timeout,
    }))
    this.#tell()
    this.#test()
    if (this.#wish !== null && this.#wish.id !== this.#confirmed) this.#begin(this.#wish)
  }

  want(wish: FenceWish | null): void {
    if (wish?.id === this.#wish?.id) return
    this.#wish = wish
    this.#over.abort()
    if (wish !== null) this.#begin(wish)
  }

  /** For a person, who waits. */
  async use(name: string, what: 'read' | 'off' | 'reset'): Promise<Used> {
    const here = this.#devices.find(each => each.name === name)
    if (here === undefined) return { failed: `there is no device "${name}"`, text: '' }
    const patience = patienceUntil(new AbortController().signal)
    const began = patience.now()
    if (what === 'read') {
      try {
        return { failed: null, text: `the power is ${await here.device.read()}` }
      } catch (error) {
        return { failed: words(error), text: '' }
      }
    }
    const outcome = await switchOff(here.device, here.timeout, patience)
    if (outcome.kind === 'over') return { failed: 'it was given up', text: '' }
    const took = patience.now() - began
    const { kind, text } = outcome
    this.#attempted({ device: name, action: 'off', outcome: kind, text, took })
    if (kind === 'failed') return { failed: text, text: '' }
    if (what === 'reset') void switchOn(here, patience).then(attempt => this.#attempted(attempt))
    return { failed: null, text }
  }

  onScript(id: number, code: number | null, why: string): void {
    this.#scripts.onEnded(id, code, why)
  }

  stop(): void {
    this.#over.abort()
    this.#awake.end()
    if (this.#testing !== null) clearTimeout(this.#testing)
  }

  #begin(wish: FenceWish): void {
    this.#over.abort()
    this.#over = new AbortController()
    if (this.#config === null) return
    const { action, startWait } = this.#config
    const plan: FencingPlan = { devices: this.#devices, action, startWait }
    void this.#fence(plan, wish, this.#over.signal)
  }

  async #fence(plan: FencingPlan, { id, known }: FenceWish, over: AbortSignal): Promise<void> {
    const patience = patienceUntil(over, this.#awake)
    let last: Attempt | null = null
    const ended = await fence(plan, known, patience, attempt => {
      last = attempt
      this.#attempted(attempt)
    })
    if (ended === 'over' || over.aborted) return
    const { device = '', text = '' } = (last ?? {}) as Partial<Attempt>
    this.#confirmed = id
    this.#say({ kind: 'fence-confirmed', wish: id, how: `${device}: ${text}` })
    const used = plan.devices.find(({ name }) => name === device)
    if (plan.action === 'off' || used === undefined || text === wasOff) return
    this.#attempted(await switchOn(used, patienceUntil(new AbortController().signal)))
  }

  #attempted(attempt: Attempt): void {
    this.#say({ kind: 'fence-attempt', ...attempt })
  }

  /** Whatever a device answers, its state becomes known, unless it is another one by now. */
  #watched(name: string, device: PowerDevice): PowerDevice {
    const config = this.#config
    const learn = (...what: Learnt): void => {
      if (this.#config === config) this.#learn(name, ...what)
    }
    const seen = <T>(asked: Promise<T>, power: (answer: T) => PowerState | null): Promise<T> =>
      asked.then(
        answer => {
          const now = power(answer)
          learn('ok', now === null ? 'it answers' : `the power is ${now}`, now)
          return answer
        },
        (error: unknown) => {
          learn('failing', words(error), null)
          throw error
        },
      )
    return {
      read: () => seen(device.read(), state => state),
      turn: to => seen(device.turn(to), () => null),
    }
  }

  #learn(name: string, ...[state, why, power]: Learnt): void {
    const before = this.#known.get(name)
    if (before === undefined) return
    const at = new Date().toISOString()
    const since = before.state === state ? before.since : at
    this.#known.set(name, {
      ...before,
      state,
      why,
      since,
      power: power ?? before.power,
      testedAt: state === 'ok' ? at : before.testedAt,
    })
    const isNews = before.state !== state || before.why !== why
    if (isNews || this.#wish === null) this.#tell()
  }

  #tell(): void {
    this.#say({ kind: 'fence-devices', devices: [...this.#known.values()] })
  }

  /** All of them in the first of some rounds; in the others those that failed: it may be over. */
  #test(round = 0): void {
    if (this.#testing !== null) clearTimeout(this.#testing)
    for (const { name, device } of this.#devices) {
      const isDue = round === 0 || this.#known.get(name)?.state === 'failing'
      if (isDue) void device.read().catch(() => undefined)
    }
    if (this.#config === null) return
    const { testEvery } = this.#config
    const rounds = Math.max(1, Math.round(testEvery / retryAfter))
    this.#testing = setTimeout(() => this.#test((round + 1) % rounds), testEvery / rounds)
  }
}

const untested = (name: string, kind: FenceDevice['kind'], box: string): FenceDevice => ({
  name,
  kind,
  box,
  state: 'untested',
  power: null,
  since: new Date().toISOString(),
  testedAt: null,
  why: 'it was not tried yet',
})
