import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { seconds } from '../../../appliance/values/duration.ts'
import { childrenOf } from '../../lab/namespaces/children.ts'
import { Diarch } from '../../lab/namespaces/diarch.ts'
import type { Host } from '../../lab/namespaces/host.ts'
import type { Program } from '../../lab/namespaces/program.ts'
import {
  type Box,
  linesIn,
  type Mark,
  type Recorded,
  routerId,
  routerName,
  type Settings,
} from './box.ts'

const [configFile, stateDir, runDir] = ['/run/diarch.json', '/run/state', '/run/diarch']
const stateEvents = new Set(['master', 'backup', 'fault', 'stopped'])

/** `diarch run` from the bundles, on the Node that ships. */
export class DiarchBox implements Box {
  readonly host: Host
  readonly #cli: string
  readonly #config: object
  #supervisor: Program | null = null

  constructor(host: Host, folder: string, settings: Settings, priority: number) {
    this.host = host
    this.#cli = join(folder, 'cli.js')
    this.#config = documentOf(settings, priority)
  }

  async start(): Promise<void> {
    await this.host.write(configFile, JSON.stringify(this.#config))
    const folders = ['--config', configFile, '--state', stateDir, '--run', runDir]
    const args = [this.#cli, 'run', ...folders, '--web-port', '0']
    this.#supervisor = await this.host.start(process.execPath, args)
    // The page comes last.
    await this.#supervisor.until(/web is running/, { within: seconds(60) })
  }

  get #running(): Program {
    if (this.#supervisor === null) throw new Error(`Diarch was not started on ${this.host.name}`)
    return this.#supervisor
  }

  get #asked(): Diarch {
    return new Diarch(this.host, this.#running)
  }

  async until(state: 'MASTER' | 'BACKUP'): Promise<void> {
    const end = performance.now() + seconds(40)
    for (;;) {
      const { routers } = await this.#asked.status()
      const others = routers.filter(router => router.state !== state)
      if (routers.length > 0 && others.length === 0) return
      if (performance.now() > end) {
        const [one] = others
        throw new Error(`${this.host.name}: ${one?.name} is ${one?.state}, not ${state}`)
      }
      await new Promise(resolve => setTimeout(resolve, 100))
    }
  }

  topProcess(): number {
    return this.#running.pid
  }

  vrrpProcess(): number {
    return this.child('vrrpd')
  }

  child(name: 'vrrpd' | 'web'): number {
    const found = childrenOf(this.#running.pid).find(pid =>
      readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(`/${name}.js`),
    )
    if (found !== undefined) return found
    throw new Error(`${name} does not run on ${this.host.name}:\n${this.#running.output}`)
  }

  allProcesses(): readonly number[] {
    return [this.#running.pid, ...descendantsOf(this.#running.pid)]
  }

  async stop(): Promise<void> {
    await this.#running.stop(seconds(20))
    await this.#running.closed
  }

  /** As an operator does it. */
  async failover(): Promise<void> {
    await this.host.must(process.execPath, [this.#cli, 'failover', '--run', runDir])
  }

  mark(): Mark {
    return { at: Date.now(), said: this.#running.output.length }
  }

  /** By time: of a flood the supervisor keeps the last events only. */
  async since({ at, said }: Mark): Promise<Recorded> {
    const events = (await this.#asked.events()).filter(event => Date.parse(event.at) >= at)
    const changes = events.filter(({ event }) => stateEvents.has(event)).length
    return { changes, lines: events.length + linesIn(this.#running.output.slice(said)) }
  }
}

const descendantsOf = (pid: number): number[] =>
  childrenOf(pid).flatMap(child => [child, ...descendantsOf(child)])

function documentOf(settings: Settings, priority: number): object {
  const { version, intervalMs, virtualAddresses, secondPath, more = {} } = settings
  const routers = virtualAddresses.map((address, index) => [
    routerName(index),
    {
      interface: 'eth0',
      virtualRouterId: routerId(index),
      virtualAddresses: [address],
      ...(version === undefined ? {} : { version }),
      ...(intervalMs === undefined ? {} : { advertInterval: `${intervalMs}ms` }),
      ...(secondPath === undefined ? {} : { secondPaths: [secondPath] }),
      ...more.router,
    },
  ])
  const own = virtualAddresses.map((_, index) => [routerName(index), { priority }])
  return {
    schemaVersion: 2,
    cluster: { routers: Object.fromEntries(routers), ...more.cluster },
    node: { routers: Object.fromEntries(own), ...more.node },
  }
}
