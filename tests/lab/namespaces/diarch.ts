import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { request } from 'node:http'
import { join } from 'node:path'
import type { Status } from '../../../appliance/status/document.ts'
import type { BoxEvent } from '../../../appliance/status/events.ts'
import type { RouterStateName, RouterStatus } from '../../../appliance/status/router-status.ts'
import type { ServerStatus, ServiceStatus } from '../../../appliance/status/service-status.ts'
import { type Duration, seconds } from '../../../appliance/values/duration.ts'
import { childrenOf } from './children.ts'
import type { Host, Run } from './host.ts'
import type { Ending, Program } from './program.ts'

const tree = join(import.meta.dirname, '../../..')
const program = join(tree, 'appliance/cli/diarch')

// Nothing of it survives the host, and a box that is started again finds what it kept.
const [configFile, stateDir, runDir] = ['/run/diarch.json', '/run/state', '/run/diarch']

export type Answer = { readonly status: number; readonly body: unknown }

/** `diarch run` on a host: a whole box, with a configuration given as an object. */
export class Diarch {
  readonly host: Host
  readonly supervisor: Program
  readonly #startedAt = performance.now()

  constructor(host: Host, supervisor: Program) {
    this.host = host
    this.supervisor = supervisor
  }

  /** One request to the control API, over its socket. */
  ask(method: string, path: string, body?: unknown, within = seconds(5)): Promise<Answer> {
    const socketPath = this.host.path(join(runDir, 'control.sock'))
    // A stopped supervisor accepts and does not answer.
    const signal = AbortSignal.timeout(within)
    return new Promise((resolve, reject) => {
      const asking = request({ socketPath, method, path, signal, agent: false }, response => {
        let text = ''
        response.setEncoding('utf8').on('data', (part: string) => {
          text += part
        })
        response.on('error', reject)
        response.on('end', () =>
          resolve({ status: response.statusCode ?? 0, body: JSON.parse(text) }),
        )
      })
      asking.on('error', reject)
      asking.end(body === undefined ? undefined : JSON.stringify(body))
    })
  }

  async status(): Promise<Status> {
    return (await this.ask('GET', '/api/v1/status')).body as Status
  }

  async router(name: string): Promise<RouterStatus> {
    const { routers } = await this.status()
    const found = routers.find(router => router.name === name)
    if (found) return found
    const names = routers.map(router => router.name).join(', ')
    throw new Error(`${this.host.name} has no router ${name}, but: ${names}`)
  }

  /** Looks until the router is in the state, or as `wanted` asks for. */
  untilRouter(
    name: string,
    wanted: RouterStateName | ((router: RouterStatus) => boolean),
    within?: Duration,
  ): Promise<RouterStatus> {
    const fits = typeof wanted === 'string' ? (r: RouterStatus) => r.state === wanted : wanted
    return this.#until(`${name} is ${wanted}`, () => this.router(name), fits, within)
  }

  async services(): Promise<readonly ServiceStatus[]> {
    return ((await this.ask('GET', '/api/v1/services')).body as Services).services
  }

  /** `shop/web1` */
  async server(name: string): Promise<ServerStatus> {
    const [of, own] = name.split('/')
    const service = (await this.services()).find(each => each.name === of)
    const server = service?.servers.find(each => each.name === own)
    if (server === undefined) throw new Error(`${this.host.name} has no server ${name}`)
    return server
  }

  untilServer(
    name: string,
    wanted: ServerStatus['state'] | ((server: ServerStatus) => boolean),
    within?: Duration,
  ): Promise<ServerStatus> {
    const fits = typeof wanted === 'string' ? (s: ServerStatus) => s.state === wanted : wanted
    return this.#until(`${name} is ${wanted}`, () => this.server(name), fits, within)
  }

  untilService(name: string, fits: (service: ServiceStatus) => boolean): Promise<ServiceStatus> {
    const look = async () => {
      const found = (await this.services()).find(each => each.name === name)
      if (found === undefined) throw new Error(`${this.host.name} has no service ${name}`)
      return found
    }
    return this.#until(`${name}: ${fits}`, look, fits)
  }

  async events(): Promise<readonly BoxEvent[]> {
    const { events } = (await this.ask('GET', '/api/v1/events')).body as { events: BoxEvent[] }
    return events
  }

  async untilEvent(wanted: (event: BoxEvent) => boolean, within?: Duration): Promise<BoxEvent> {
    const fits = (events: readonly BoxEvent[]) => events.some(wanted)
    const events = await this.#until(`an event ${wanted}`, () => this.events(), fits, within)
    return events.find(wanted)!
  }

  async #until<T>(
    what: string,
    look: () => Promise<T>,
    fits: (seen: T) => boolean,
    within: Duration = seconds(60),
  ): Promise<T> {
    const end = performance.now() + within
    for (;;) {
      const seen: T | Error = await look().catch((error: Error) => error)
      if (!(seen instanceof Error) && fits(seen)) return seen
      if (performance.now() > end) {
        const last = seen instanceof Error ? seen.message : JSON.stringify(seen, null, 1)
        const said = this.supervisor.output.slice(-2000)
        const title = `on ${this.host.name}, not within ${within / 1000} s: ${what}`
        throw new Error(`${title}. Seen last: ${last}. It said:\n${said}`)
      }
      await new Promise(resolve => setTimeout(resolve, 20))
    }
  }

  /** The `diarch` command, as somebody types it on that box. */
  cli(...args: readonly string[]): Promise<Run> {
    return this.host.run(program, [...args, '--run', runDir])
  }

  /** All processes take it before it is answered. */
  async change(request: object): Promise<void> {
    const path = '/api/v1/configuration/changes'
    const { status, body } = await this.ask('POST', path, request, seconds(60))
    if (status !== 200) throw new Error(`${this.host.name} refuses it: ${JSON.stringify(body)}`)
  }

  /** The process `pair` starts for it. */
  async pairingCode(): Promise<string> {
    const path = '/api/v1/pair/code'
    const { status, body } = await this.ask('POST', path, undefined, seconds(60))
    if (status !== 200) throw new Error(`${this.host.name} shows none: ${JSON.stringify(body)}`)
    return (body as { readonly code: string }).code
  }

  /** Becomes the peer of the box that has shown the code; `VI_1=eth0` says where a router is. */
  join(address: string, code: string, place: string): Promise<string> {
    const shell = 'echo "$1" | "$2" pair join "$3" --code-stdin --interface "$4" --run "$5"'
    return this.host.must('sh', ['-c', shell, 'sh', code, program, address, place, runDir])
  }

  /** Puts a configuration in place and has it read; a text is written as it is. */
  async reload(config: object | string): Promise<Answer> {
    await writeConfig(this.host, config)
    return await this.ask('POST', '/api/v1/configuration/reload')
  }

  /** Of a child of the supervisor, as seen from outside the lab. */
  pidOf(child: 'vrrpd' | 'director' | 'scripts' | 'web'): number {
    const found = childrenOf(this.supervisor.pid).find(pid =>
      readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(`/${child}/`),
    )
    if (found !== undefined) return found
    throw new Error(`${child} does not run on ${this.host.name}: ${this.supervisor.output}`)
  }

  /**
   * Waits until vrrpd has just told the supervisor that it lives, which it does each second from
   * its start on: it may then be silent for as long as possible before it is taken for hung.
   */
  async afterHeartbeat(): Promise<void> {
    const phase = (performance.now() - this.#startedAt) % 1000
    await new Promise(resolve => setTimeout(resolve, (1200 - phase) % 1000))
  }

  signalVrrpd(signal: 'SIGKILL' | 'SIGSTOP' | 'SIGCONT'): void {
    process.kill(this.pidOf('vrrpd'), signal)
  }

  /** Freezes every process of the box, as a paused virtual machine would be. */
  pause(): void {
    // First of all who would notice that the others are silent.
    this.supervisor.signal('SIGSTOP')
    for (const pid of descendantsOf(this.supervisor.pid)) process.kill(pid, 'SIGSTOP')
  }

  resume(): void {
    for (const pid of descendantsOf(this.supervisor.pid)) process.kill(pid, 'SIGCONT')
    this.supervisor.signal('SIGCONT')
  }

  /**
   * A power loss, as far as processes go: nobody says good-bye. The kernel of the host goes on and
   * still has the addresses, so cut its links before.
   */
  async crash(): Promise<Ending> {
    // Held until they are dead: it would say good-bye in the name of its children.
    this.supervisor.signal('SIGSTOP')
    for (const pid of descendantsOf(this.supervisor.pid)) process.kill(pid, 'SIGKILL')
    return await this.supervisor.kill()
  }

  /** An orderly end: priority 0 and the addresses removed. */
  stop(): Promise<Ending> {
    return this.supervisor.stop(seconds(20))
  }
}

const descendantsOf = (pid: number): number[] =>
  childrenOf(pid).flatMap(child => [child, ...descendantsOf(child)])

const writeConfig = (host: Host, config: object | string): Promise<void> =>
  host.write(configFile, typeof config === 'string' ? config : JSON.stringify(config, null, 2))

type Services = { readonly services: readonly ServiceStatus[] }

const childrenFor = (config: object): string[] => {
  const { cluster } = config as { cluster: { routers?: object; services?: object } }
  const has = (part: object | undefined): boolean => Object.keys(part ?? {}).length > 0
  return [
    ...(has(cluster.routers) ? ['vrrpd'] : []),
    ...(has(cluster.services) ? ['director'] : []),
  ]
}

/** A box without a configuration: it keeps its own, and can be paired. */
export const storedDiarch = async (host: Host): Promise<Diarch> => {
  compile()
  const folders = ['--state', stateDir, '--run', runDir]
  const supervisor = await host.start(program, ['run', ...folders, '--web-port', '0'])
  await supervisor.until(/web is running/, { within: seconds(120) })
  return new Diarch(host, supervisor)
}

let isCompiled = false

const compile = (): void => {
  if (!isCompiled) execFileSync('bash', [join(tree, 'appliance/linux/native/build.sh')])
  isCompiled = true
}

/** Starts a box on a host, again or for the first time, and waits until its processes run. */
export const diarch = async (host: Host, config: object): Promise<Diarch> => {
  compile()
  await writeConfig(host, config)
  const folders = ['--config', configFile, '--state', stateDir, '--run', runDir]
  const supervisor = await host.start(program, ['run', ...folders, '--web-port', '0'])
  for (const child of childrenFor(config)) {
    // In a kernel of its own on a busy machine, starting a program takes seconds.
    await supervisor.until(new RegExp(`${child} is running`), { within: seconds(120) })
  }
  return new Diarch(host, supervisor)
}
