import { type Duration, seconds } from '../../../appliance/values/duration.ts'
import { childrenOf } from './children.ts'
import type { Host } from './host.ts'
import type { Ending, Program } from './program.ts'

/** keepalived's own names for the states of an instance. */
export type KeepalivedState = 'MASTER' | 'BACKUP' | 'FAULT' | 'STOPPED'

/** A real keepalived, VRRP only, as the peer that everybody else runs. */
export class Keepalived {
  readonly program: Program

  constructor(program: Program) {
    this.program = program
  }

  /** The state that an instance entered last, by keepalived's log; null before the first. */
  state(instance: string): KeepalivedState | null {
    return (this.#lastEntered(instance)?.[1] as KeepalivedState | undefined) ?? null
  }

  #lastEntered(instance: string): RegExpExecArray | undefined {
    return [...this.program.output.matchAll(new RegExp(entering(instance), 'g'))].at(-1)
  }

  /** Waits until an instance is in a state; it may be in it already. */
  async untilState(
    instance: string,
    state: KeepalivedState,
    within: Duration = seconds(20),
  ): Promise<void> {
    const from = this.#lastEntered(instance)?.index ?? 0
    await this.program.until(new RegExp(entering(instance, state)), { within, from })
  }

  /** Waits for a log line. Position `from` is one of `program.output.length` earlier. */
  untilLog(pattern: RegExp, options?: { within?: Duration; from?: number }) {
    return this.program.until(pattern, options)
  }

  /**
   * A crash: nobody gets to say good-bye. keepalived's VRRP process would be told of its parent's
   * death and give up in order, so the parent is held until the child is dead.
   */
  async crash(): Promise<Ending> {
    this.program.signal('SIGSTOP')
    for (const pid of childrenOf(this.program.pid)) process.kill(pid, 'SIGKILL')
    return await this.program.kill()
  }

  /** An orderly end: priority 0 and the addresses removed. */
  stop(): Promise<Ending> {
    return this.program.stop()
  }

  /** Freezes it with everything it holds, as a hung or paused machine would be. */
  pause(): void {
    this.program.signal('SIGSTOP')
    for (const pid of childrenOf(this.program.pid)) process.kill(pid, 'SIGSTOP')
  }

  resume(): void {
    for (const pid of childrenOf(this.program.pid)) process.kill(pid, 'SIGCONT')
    this.program.signal('SIGCONT')
  }
}

const entering = (instance: string, state = '(MASTER|BACKUP|FAULT|STOPPED)'): string =>
  `\\(${instance}\\) Entering ${state} STATE`

let started = 0

/** Starts keepalived on a host with a configuration given as text. */
export const keepalived = async (host: Host, config: string): Promise<Keepalived> => {
  const folder = `/run/keepalived-${++started}`
  await host.write(`${folder}/keepalived.conf`, config)
  // Several may run on one host, and without own pid files the second one refuses to start.
  const pids = [
    '-p',
    `${folder}/main.pid`,
    '-r',
    `${folder}/vrrp.pid`,
    '-c',
    `${folder}/checks.pid`,
  ]
  const say = ['--dont-fork', '--log-console', '--log-detail', '--vrrp']
  const program = await host.start('keepalived', [
    ...say,
    ...pids,
    '--use-file',
    `${folder}/keepalived.conf`,
  ])
  await program.until(/Startup complete/)
  return new Keepalived(program)
}
