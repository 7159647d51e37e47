import { hostname } from 'node:os'
import type { FencingConfig, ScriptDevice } from '../config/fencing-schema.ts'
import type { FencingPart } from '../config/parts.ts'
import { isSame } from '../config/same.ts'
import type { FenceDevice, FencingStatus, FromFence, ToFence } from '../fencing/fence-messages.ts'
import { now } from '../linux/monotonic-clock.ts'
import type { ScriptErrand, ScriptFound } from '../status/director-messages.ts'
import type { Alarm } from '../status/document.ts'
import type { GuardReport } from '../status/guard-status.ts'
import type { ToVrrpd } from '../status/messages.ts'
import type { Instant } from '../values/duration.ts'
import { ipAddress } from '../values/ip-address.ts'

/** A device may take minutes; `fence` says itself when it gave up. */
const usedWithin = 330_000
/** Its test has not come for so many periods: who should do it does not. */
const testsMissed = 3

export type FenceSite = {
  /** False when the process is not there to hear it. */
  readonly send: (
    child: 'fence' | 'scripts' | 'vrrpd',
    message: ToFence | ScriptErrand | ToVrrpd,
  ) => boolean
  readonly note: (event: string, text: string) => void
  readonly onChange: () => void
}

export type Used = { readonly failed: string | null; readonly text: string }

/**
 * The supervisor's side of fencing: what the guard in vrrpd wishes goes to `fence`, what that has
 * confirmed goes back, and what devices say becomes state and alarms.
 */
export class FenceDesk {
  readonly #site: FenceSite
  readonly #uses = new Map<number, (used: Used) => void>()
  /** Of scripts that run: whose id in `fence`. */
  readonly #scripts = new Map<number, number>()
  #config: FencingConfig | null = null
  #guard: GuardReport['fencing'] = { held: null, wish: null }
  #said: FenceDevice[] = []
  /** What each device's last test is, and when we heard of it: the wall clock may be set. */
  readonly #tests = new Map<string, { readonly of: string; readonly heardAt: Instant }>()
  #failed: string | null = null
  #waitsSince = ''
  #id = 0
  #calls = 0

  constructor(site: FenceSite) {
    this.#site = site
  }

  /** With `off` too: a device that nobody has tried is none. */
  get isWanted(): boolean {
    return this.#config !== null && Object.keys(this.#config.devices).length > 0
  }

  get status(): Omit<FencingStatus, 'heldSince'> | null {
    const config = this.#config
    if (config === null || !this.isWanted) return null
    const { policy, action } = config
    return { policy, action, held: this.#guard.held, devices: this.#said }
  }

  get alarms(): readonly Alarm[] {
    const broken = this.#said
      .filter(({ state }) => state === 'failing')
      .map(({ name, why, since }) => {
        return { reason: 'fencing-broken', message: `${name}: ${why}`, since }
      })
    const message = waitingText(this.#failed)
    const waits = { reason: 'fencing-waits', message, since: this.#waitsSince }
    return [...(this.#guard.wish === null ? [] : [waits]), ...broken, ...this.#untested()]
  }

  /** False: it has that already, or there is nobody to tell. */
  take({ own, ...fencing }: FencingPart, id: number): boolean {
    const here = (own ?? hostname()).toLowerCase()
    const others = Object.entries(fencing.devices).filter(
      ([, { box }]) => box.toLowerCase() !== here,
    )
    const config = { ...fencing, devices: Object.fromEntries(others) }
    if (this.#config !== null && isSame(this.#config, config)) return false
    this.#config = config
    this.#id = id
    this.#said = this.#said.filter(({ name }) => Object.hasOwn(config.devices, name))
    this.#configure()
    return this.isWanted
  }

  onReady(): void {
    this.#configure()
    this.#site.send('fence', { kind: 'fence', wish: this.#guard.wish })
  }

  onExit(): void {
    for (const id of this.#uses.keys()) this.#used(id, gone)
    this.#scripts.clear()
  }

  /** Of vrrpd: what its guard wants. Null: it does not run, or is not configured yet. */
  onGuard(report: GuardReport | null): void {
    const fencing = report?.fencing ?? { held: null, wish: null }
    if (isSame(fencing, this.#guard)) return
    const isOther = fencing.wish?.id !== this.#guard.wish?.id
    this.#guard = fencing
    if (isOther) {
      this.#failed = null
      this.#waitsSince = new Date().toISOString()
      this.#site.send('fence', { kind: 'fence', wish: fencing.wish })
    }
    this.#site.onChange()
  }

  onMessage(message: FromFence): void {
    switch (message.kind) {
      case 'fence-devices':
        this.#said = message.devices
        for (const { name, testedAt, since } of this.#said) {
          const of = testedAt ?? since
          if (this.#tests.get(name)?.of !== of) this.#tests.set(name, { of, heardAt: now() })
        }
        this.#site.onChange()
        break
      case 'fence-attempt': {
        const { device, action, outcome, text, took } = message
        const words = `${device}: switch ${action}: ${text}, after ${(took / 1000).toFixed(1)} s`
        this.#site.note(outcome === 'confirmed' ? 'fencing-done' : 'fencing-failed', words)
        this.#failed = outcome === 'failed' ? `${device}: ${text}` : null
        this.#site.onChange()
        break
      }
      case 'fence-confirmed':
        this.#site.send('vrrpd', { kind: 'fenced', wish: message.wish, how: message.how })
        break
      case 'device-used':
        this.#used(message.id, message)
        break
      case 'fence-script':
        this.#start(message)
        break
    }
  }

  /** Of `scripts`: its ids are above zero for the director, below it for us. */
  onScript({ id, finding }: ScriptFound): void {
    const call = this.#scripts.get(id)
    if (call === undefined) return
    this.#scripts.delete(id)
    const code =
      finding.kind === 'failed' ? null : finding.weight === null ? 0 : finding.weight.value + 2
    const why = finding.kind === 'failed' ? finding.why : `exit code ${code}`
    this.#site.send('fence', { kind: 'fence-script-ended', id: call, code, why })
  }

  /** Of a device that switches the other box. */
  has(device: string): boolean {
    return Object.hasOwn(this.#config?.devices ?? {}, device)
  }

  use(device: string, what: 'read' | 'off' | 'reset'): Promise<Used> {
    this.#calls += 1
    const id = this.#calls
    return new Promise(resolve => {
      const late = setTimeout(() => this.#used(id, gone), usedWithin)
      this.#uses.set(id, used => {
        clearTimeout(late)
        resolve(used)
      })
      if (!this.#site.send('fence', { kind: 'use-device', id, device, what })) this.#used(id, gone)
    })
  }

  /** A person has seen that the other box is off. False: nobody waits for that. */
  confirm(): boolean {
    const { wish } = this.#guard
    if (wish === null) return false
    return this.#site.send('vrrpd', { kind: 'fenced', wish: wish.id, how: 'an operator says so' })
  }

  /** The command stands in the configuration alone: `fence` only says which, and what for. */
  #start({ id, device, verb, within }: Extract<FromFence, { kind: 'fence-script' }>): void {
    const config = this.#config?.devices[device]
    if (config?.kind !== 'script') return
    this.#calls += 1
    const errand = -this.#calls
    this.#scripts.set(errand, id)
    const question = { kind: 'script', ...commandOf(config, verb), dynamic: true } as const
    const sent = this.#site.send('scripts', {
      kind: 'ask-script',
      id: errand,
      question,
      target: nobody,
      within,
    })
    if (sent) return
    this.#scripts.delete(errand)
    const why = 'the process that starts scripts does not run'
    this.#site.send('fence', { kind: 'fence-script-ended', id, code: null, why })
  }

  #used(id: number, used: Used): void {
    const { failed, text } = used
    this.#uses.get(id)?.({ failed, text })
    this.#uses.delete(id)
  }

  #configure(): void {
    if (this.#config === null) return
    this.#site.send('fence', { kind: 'configure-fence', id: this.#id, fencing: this.#config })
  }

  #untested(): readonly Alarm[] {
    const config = this.#config
    if (config === null) return []
    const oldest = now() - testsMissed * config.testEvery
    return this.#said
      .filter(({ name, state }) => {
        return state !== 'failing' && (this.#tests.get(name)?.heardAt ?? Infinity) < oldest
      })
      .map(({ name, testedAt, since }) => ({
        reason: 'fencing-untested',
        message: `${name} was not tried for too long: "diarch fence test ${name}" tries it now`,
        since: testedAt ?? since,
      }))
  }
}

const gone: Used = {
  failed: 'the process that uses devices has not answered: "diarch status" says whether it runs',
  text: '',
}

const waitingText = (failed: string | null): string =>
  'Nothing is heard of the other box, and this one does not take its place before somebody ' +
  `confirms that it is off. ${failed === null ? 'A device is at work.' : `Last: ${failed}.`} ` +
  'Switch it off by hand, and then: "diarch fence confirm --yes"'

const commandOf = ({ command, user }: ScriptDevice, verb: string) => {
  const [program, ...rest] = command
  return { command: [program, ...rest, verb] as [string, ...string[]], user }
}

const nobody = {
  address: ipAddress('0.0.0.0'),
  port: null,
  through: null,
  source: null,
  interface: null,
  mark: null,
}
