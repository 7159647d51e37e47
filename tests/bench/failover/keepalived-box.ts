import { seconds } from '../../../appliance/values/duration.ts'
import { childrenOf } from '../../lab/namespaces/children.ts'
import type { Host } from '../../lab/namespaces/host.ts'
import { Keepalived } from '../../lab/namespaces/keepalived.ts'
import {
  type Box,
  linesIn,
  type Mark,
  type Recorded,
  routerId,
  routerName,
  type Settings,
} from './box.ts'

/** keepalived as it is installed, without its checkers. */
export class KeepalivedBox implements Box {
  readonly host: Host
  readonly #config: string
  readonly #routers: readonly string[]
  #running: Keepalived | null = null
  #starts = 0

  constructor(host: Host, settings: Settings, priority: number) {
    this.host = host
    this.#config = configOf(settings, priority)
    this.#routers = settings.virtualAddresses.map((_, index) => routerName(index))
  }

  async start(): Promise<void> {
    // A pid file that a crash has left may name a process of today.
    const folder = `/run/keepalived-${++this.#starts}`
    const file = `${folder}/keepalived.conf`
    await this.host.write(file, this.#config)
    const pids = ['-p', `${folder}/main.pid`, '-r', `${folder}/vrrp.pid`]
    const args = ['--dont-fork', '--log-console', '--vrrp', ...pids, '--use-file', file]
    const program = await this.host.start('keepalived', args)
    await program.until(/Startup complete/)
    this.#running = new Keepalived(program)
  }

  get #started(): Keepalived {
    if (this.#running === null) throw new Error(`keepalived was not started on ${this.host.name}`)
    return this.#running
  }

  async until(state: 'MASTER' | 'BACKUP'): Promise<void> {
    for (const router of this.#routers) await this.#started.untilState(router, state, seconds(40))
  }

  topProcess(): number {
    return this.#started.program.pid
  }

  vrrpProcess(): number {
    const [child] = childrenOf(this.topProcess())
    if (child !== undefined) return child
    throw new Error(`keepalived on ${this.host.name} has no VRRP process`)
  }

  allProcesses(): readonly number[] {
    return [this.topProcess(), ...childrenOf(this.topProcess())]
  }

  async stop(): Promise<void> {
    await this.#started.program.stop(seconds(20))
    await this.#started.program.closed
  }

  mark(): Mark {
    return { at: Date.now(), said: this.#started.program.output.length }
  }

  async since({ said }: Mark): Promise<Recorded> {
    const log = this.#started.program.output.slice(said)
    const entered = log.matchAll(/Entering (MASTER|BACKUP|FAULT|STOPPED) STATE/g)
    return { changes: [...entered].length, lines: linesIn(log) }
  }
}

const configOf = (settings: Settings, priority: number): string =>
  (settings.more?.keepalived?.before ?? '') +
  settings.virtualAddresses
    .map((address, index) => {
      const { version, intervalMs } = settings
      return `
vrrp_instance ${routerName(index)} {
  interface eth0
  virtual_router_id ${routerId(index)}
  priority ${priority}
  ${version === undefined ? '' : `version ${version}`}
  ${intervalMs === undefined ? '' : `advert_int ${intervalMs / 1000}`}
  ${settings.more?.keepalived?.inInstance ?? ''}
  virtual_ipaddress {
    ${address}
  }
}
`
    })
    .join('')
