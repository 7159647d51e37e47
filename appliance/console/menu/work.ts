import type { ShownConfiguration } from '../../api/configuration.ts'
import { now } from '../../linux/monotonic-clock.ts'
import { instant } from '../../values/duration.ts'
import { linesOf, Refused } from '../setup-work.ts'
import type { WrittenNetwork } from './facts.ts'
import type { MenuEffect, MenuOutcome } from './menu.ts'
import { ConsoleSession } from './session.ts'

/** Somebody who has cut himself off from the network cannot say so: it goes back by itself. */
const trialSeconds = 60

export type Lend = (use: () => Promise<void>) => Promise<void>

/** Performs what the menu wants, as the person who has logged in. */
export class MenuWork {
  readonly #session: ConsoleSession
  readonly #terminal: string
  readonly #lend: Lend

  /** `lend` leaves the terminal to somebody else meanwhile. */
  constructor(runDir: string, terminal: string, lend: Lend) {
    this.#session = new ConsoleSession(runDir, terminal)
    this.#terminal = terminal
    this.#lend = lend
  }

  /** Never rejects. */
  async perform(effect: MenuEffect): Promise<MenuOutcome | null> {
    try {
      return await this.#perform(effect)
    } catch (error) {
      const isOver = error instanceof Refused && error.problem.reason === 'not-logged-in'
      if (isOver && effect.action !== 'log-in') return { input: 'session-ended' }
      return { input: 'refused', lines: linesOf(error) }
    }
  }

  async #perform(effect: MenuEffect): Promise<MenuOutcome | null> {
    switch (effect.action) {
      case 'log-in': {
        const { user, role } = await this.#session.logIn(effect.user, effect.password)
        return { input: 'logged-in', person: { user, role } }
      }
      case 'log-out':
        await this.#session.logOut()
        return null
      case 'change-password': {
        const body = { old: effect.old, new: effect.new }
        await this.#session.ask('PUT', '/api/v1/session/password', body)
        return { input: 'said', lines: ['Your password is changed.'] }
      }
      case 'read-network':
        return { input: 'network', network: await this.#network() }
      case 'try-network':
        return this.#tryNetwork(effect.network)
      case 'confirm':
        await this.#session.ask('POST', '/api/v1/configuration/confirmation')
        return { input: 'said', lines: ['The network is changed, and stays so.'] }
      case 'take-back':
        await this.#session.ask('DELETE', '/api/v1/configuration/trial')
        return { input: 'said', lines: ['The network is as it was before.'] }
      case 'ask': {
        const { method, path, body, shows } = effect
        return { input: 'said', lines: shows(await this.#session.ask(method, path, body)) }
      }
      case 'shell':
        await this.#lend(() => this.#session.shell(this.#terminal))
        return { input: 'shell-ended' }
    }
  }

  async #configuration(): Promise<ShownConfiguration> {
    return (await this.#session.ask('GET', '/api/v1/configuration')) as ShownConfiguration
  }

  async #network(): Promise<WrittenNetwork> {
    const { document } = await this.#configuration()
    const { node } = (document ?? {}) as { readonly node?: { readonly network?: WrittenNetwork } }
    return node?.network ?? {}
  }

  async #tryNetwork(network: WrittenNetwork): Promise<MenuOutcome> {
    const { revision, document } = await this.#configuration()
    const hasNode = typeof document === 'object' && document !== null && 'node' in document
    const step = hasNode
      ? { path: '/node/network', value: network }
      : { path: '/node', value: { network } }
    const answer = await this.#session.ask('POST', '/api/v1/configuration/changes', {
      patch: [{ op: 'add', ...step }],
      parent: revision?.number ?? 0,
      confirmWithin: `${trialSeconds}s`,
      reason: 'the network, at the console',
    })
    const { outcome, trial } = answer as {
      readonly outcome: string
      readonly trial: { readonly secondsLeft: number } | null
    }
    if (outcome === 'same') return { input: 'said', lines: ['The network is so already.'] }
    const left = trial?.secondsLeft ?? trialSeconds
    return { input: 'on-trial', until: instant(now() + left * 1000) }
  }
}
