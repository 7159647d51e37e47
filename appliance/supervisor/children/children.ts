import type { ControlGroups } from '../../linux/control-group.ts'
import { launchCommand } from '../../linux/launch.ts'
import type { WebStatus } from '../../status/document.ts'
import type { FromChild, ToChild } from '../../status/messages.ts'
import { type LogLine, type LogRing, logRing } from '../../supervision/log-ring.ts'
import { exitWords } from '../../supervision/process-machine.ts'
import {
  emptyRoster,
  isEmpty,
  type Roster,
  type RosterEffect,
  type RosterInput,
  rosterWakeAt,
  stepRoster,
} from '../../supervision/roster.ts'
import { type ProcessSpec, speaks } from '../../supervision/spec.ts'
import { type Instant, instant } from '../../values/duration.ts'
import { Child } from './child.ts'

/** So much later than asked means that we did not run: see `TimeLost`. */
const stallMs = 1000

export type ChildrenSite = {
  readonly env: NodeJS.ProcessEnv
  readonly controlGroups: ControlGroups | null
  /** True for root, who can start children as other users. */
  readonly changesUser: boolean
  /** The descriptor of the page that the child shares with us; null: it has none. */
  readonly pageOf?: (name: string) => number | null
  readonly onLine: (name: string, line: LogLine) => void
  readonly onStateChange: (name: string, state: string, why: string) => void
  readonly onReady: (name: string) => void
  /** Other than `ready` and `alive`, which the roster hears. */
  readonly onMessage: (name: string, message: FromChild) => void
  /** `failure`: how it ended by itself, or why it had to; null: it was asked to. */
  readonly onExit: (name: string, failure: string | null) => void
}

export const monotonic = (): Instant => instant(performance.now())

/** Performs what the roster decides, and tells it what happened. */
export class Children {
  readonly #site: ChildrenSite
  readonly #running = new Map<string, Child>()
  readonly #rings = new Map<string, LogRing>()
  readonly #web = new Map<string, WebStatus>()
  readonly #queue: RosterInput[] = []
  #roster: Roster = emptyRoster
  #stepping = false
  #timer: NodeJS.Timeout | null = null
  #onStopped: (() => void) | null = null

  constructor(site: ChildrenSite) {
    this.#site = site
  }

  get roster(): Roster {
    return this.#roster
  }

  /** Where the page is, in the words of the child that serves it and while it runs. */
  get web(): WebStatus | null {
    return [...this.#web.values()][0] ?? null
  }

  log(name: string): LogRing | null {
    return this.#rings.get(name) ?? null
  }

  want(specs: readonly ProcessSpec[]): void {
    this.#feed({ input: 'Wanted', specs, now: monotonic() })
  }

  /** False when there is no such child. */
  restart(name: string): boolean {
    if (!this.#roster.children.has(name)) return false
    this.#feed({ input: 'Of', name, of: { input: 'RestartRequested', now: monotonic() } })
    return true
  }

  stopAll(): Promise<void> {
    return new Promise(resolve => {
      this.#onStopped = resolve
      this.#feed({ input: 'StopAll', now: monotonic() })
    })
  }

  /** To every child that is ready and wants it. */
  tellStatus(message: ToChild): void {
    for (const [name, { state, spec }] of this.#roster.children) {
      if (state.kind === 'running' && spec.hearsStatus) this.#running.get(name)?.send(message)
    }
  }

  /** To one child; false when it is not ready and did not get it. */
  send(name: string, message: ToChild): boolean {
    const child = this.#running.get(name)
    if (this.#roster.children.get(name)?.state.kind !== 'running') return false
    child?.send(message)
    return child !== undefined
  }

  /** An effect may produce the next input before this one is done: one after the other. */
  #feed(input: RosterInput): void {
    this.#queue.push(input)
    if (this.#stepping) return
    this.#stepping = true
    for (let next = this.#queue.shift(); next !== undefined; next = this.#queue.shift()) {
      const before = this.#roster
      const { roster, effects } = stepRoster(before, next)
      this.#roster = roster
      this.#report(before)
      for (const effect of effects) this.#perform(effect)
    }
    this.#stepping = false
    this.#wake()
    if (this.#roster.stopping && isEmpty(this.#roster)) this.#onStopped?.()
  }

  #report(before: Roster): void {
    for (const [name, { state }] of this.#roster.children) {
      const old = before.children.get(name)?.state
      if (state.kind !== 'running') this.#web.delete(name)
      if (old?.kind === state.kind && old.why === state.why) continue
      if (state.kind !== 'waiting') this.#site.onStateChange(name, state.kind, state.why)
    }
    for (const name of before.children.keys()) {
      if (this.#roster.children.has(name)) continue
      this.#rings.delete(name)
      this.#site.onStateChange(name, 'stopped', 'no longer wanted')
    }
  }

  #perform(effect: RosterEffect): void {
    const child = this.#running.get(effect.name)
    switch (effect.effect) {
      case 'Spawn':
        this.#spawn(effect.spec)
        break
      case 'AskToStop':
        child?.send({ kind: 'stop' })
        break
      case 'Terminate':
        child?.terminate()
        break
      case 'Kill':
        child?.kill()
        break
    }
  }

  #spawn(spec: ProcessSpec): void {
    const { name } = spec
    const { env, controlGroups, changesUser } = this.#site
    const ring = this.#rings.get(name) ?? logRing()
    this.#rings.set(name, ring)
    const failed = (why: string): void => {
      this.#running.delete(name)
      this.#feed({ input: 'Of', name, of: { input: 'SpawnFailed', why, now: monotonic() } })
    }
    try {
      const controlGroup = controlGroups?.prepare(name, spec.memoryLimitMiB) ?? null
      const command = launchCommand(spec, { controlGroup, changesUser, parent: process.pid })
      const page = this.#site.pageOf?.(name) ?? null
      const traits = { speaks: speaks(spec), trusted: spec.trusted, page }
      const child = new Child(command, traits, env, {
        onSpawnFailed: failed,
        onExit: (code, signal) => {
          this.#running.delete(name)
          // Whatever it had started goes with it.
          controlGroups?.killAll(name)
          const exit = { input: 'Exited', code, signal, now: monotonic() } as const
          this.#site.onExit(name, this.#failureOf(name, exit))
          this.#feed({ input: 'Of', name, of: exit })
        },
        onMessage: message => {
          // The last words of a child that has gone are not those of the one that follows it.
          if (this.#running.get(name) !== child) return
          if (message.kind !== 'ready' && message.kind !== 'alive') {
            this.#site.onMessage(name, message)
            return
          }
          const at = { now: monotonic() }
          if (message.kind === 'alive') {
            const stuck = message.stuck ?? null
            this.#feed({ input: 'Of', name, of: { input: 'Alive', stuck, ...at } })
            return
          }
          this.#feed({ input: 'Of', name, of: { input: 'Ready', ...at } })
          if (message.web) this.#web.set(name, message.web)
          this.#site.onReady(name)
        },
        onLine: (stream, text) => {
          // A copy: a piece of a large string would keep all of it in memory.
          const copy = Buffer.from(text).toString()
          const line = { at: new Date().toISOString(), stream, text: copy }
          ring.push(line)
          this.#site.onLine(name, line)
        },
      })
      this.#running.set(name, child)
      if (child.pid === null) return
      this.#feed({
        input: 'Of',
        name,
        of: { input: 'Spawned', pid: child.pid, now: monotonic() },
      })
    } catch (error) {
      failed(error instanceof Error ? error.message : String(error))
    }
  }

  #failureOf(name: string, exit: Parameters<typeof exitWords>[0]): string | null {
    const state = this.#roster.children.get(name)?.state
    if (state?.kind === 'running' || state?.kind === 'starting') return exitWords(exit)
    return state?.kind === 'stopping' && state.afterwards === 'fail' ? state.why : null
  }

  #wake(): void {
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#timer = null
    const at = rosterWakeAt(this.#roster)
    if (at === null) return
    this.#timer = setTimeout(
      () => {
        const late = performance.now() - at
        // What a child said while we were busy waits in its channel: it is read before we judge.
        setImmediate(() => {
          if (late > stallMs) this.#feed({ input: 'Tick', lost: true, now: monotonic() })
          this.#feed({ input: 'Tick', lost: false, now: monotonic() })
        })
      },
      Math.max(0, Math.ceil(at - performance.now())),
    )
  }
}
