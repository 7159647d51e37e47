import type { ChildProcess } from 'node:child_process'
import { closeSync, existsSync, mkdirSync, openSync, readdirSync, readFileSync } from 'node:fs'
import { request } from 'node:http'
import { join, resolve } from 'node:path'
import type { Status } from '../../../appliance/status/document.ts'
import { seconds } from '../../../appliance/values/duration.ts'
import { gone } from '../start.ts'
import type { DemoBox, Screen } from './demo-box.ts'
import type { Network } from './network.ts'

const cli = resolve(import.meta.dirname, '../../../build/lib/cli.js')

// Processes of its own, so that all of them end with the first one: that is the power cut. /sys has
// the cards of the network in which it is mounted.
const ownSystem = ['unshare', '--pid', '--fork', '--kill-child', '--mount-proc', '--uts', '--mount']
const setUp = 'mount -t sysfs sys /sys; hostname "$1"; shift; exec "$@"'

/** A box without the image: `diarch run` on a machine of the demo's network. */
export class LightBox implements DemoBox {
  readonly name: string
  readonly address: string
  readonly screenshot = null
  /** Its page has no right to 443 where it does not run on the image. */
  static readonly webPort = 8443
  readonly #network: Network
  readonly #folder: string
  #supervisor: ChildProcess | null = null
  #paused = false

  constructor(network: Network, name: string, address: string, folder: string) {
    this.#network = network
    this.name = name
    this.address = address
    this.#folder = join(folder, name)
    mkdirSync(this.#folder, { recursive: true })
  }

  async role(): Promise<string> {
    if (!this.#supervisor) return 'off'
    if (this.hasEnded) return 'off'
    if (this.#paused) return 'paused'
    const status = await this.ask<Status>('GET', 'status').catch(() => null)
    return status?.routers[0]?.state ?? 'starting'
  }

  async powerOn(): Promise<void> {
    if (this.#supervisor) throw new Error(`${this.name} is on`)
    const own = `${this.address}/24`
    // The kernel of a box that lost its power would have forgotten the virtual address.
    await this.#network.sh(`
      ip -n ${this.name} address flush dev eth0 scope global
      ip -n ${this.name} address add ${own} dev eth0
      ip link set ${this.name} up`)
    const folders = ['--state', join(this.#folder, 'state'), '--run', this.#run]
    const words = [process.execPath, cli, 'run', ...folders, '--web-port', `${LightBox.webPort}`]
    const log = openSync(this.#log, 'a')
    const start = [...ownSystem, 'sh', '-ec', setUp, 'sh', this.name, ...words]
    this.#supervisor = this.#network.start(this.name, start, { stdio: ['ignore', log, log] })
    closeSync(log)
  }

  async powerOff(): Promise<void> {
    const supervisor = this.#on
    this.#supervisor = null
    this.#paused = false
    // Together: whatever its processes could still say reaches nobody.
    await this.#network.sh(`ip link set ${this.name} down`)
    supervisor.kill('SIGKILL')
    await gone(supervisor)
  }

  async setPlug(isIn: boolean): Promise<void> {
    if (!this.#supervisor) throw new Error(`${this.name} is off`)
    await this.#network.sh(`ip link set ${this.name} ${isIn ? 'up' : 'down'}`)
  }

  async pause(): Promise<void> {
    this.#signal('SIGSTOP')
    this.#paused = true
  }

  async resume(): Promise<void> {
    this.#signal('SIGCONT')
    this.#paused = false
  }

  screen(): Screen {
    if (!this.#supervisor) throw new Error(`${this.name} is off`)
    const look = [process.execPath, cli, 'status', '--run', this.#run]
    return { kind: 'command', words: look }
  }

  /** One request to its control API; throws what it refuses. */
  ask<T>(method: string, path: string, body?: unknown): Promise<T> {
    return new Promise((settle, reject) => {
      const signal = AbortSignal.timeout(seconds(30))
      const socketPath = join(this.#run, 'control.sock')
      const options = { socketPath, method, path: `/api/v1/${path}`, signal, agent: false }
      const asking = request(options, response => {
        let text = ''
        response.setEncoding('utf8').on('data', (part: string) => {
          text += part
        })
        response.on('error', reject)
        response.on('end', () => {
          if ((response.statusCode ?? 500) < 300) settle(JSON.parse(text) as T)
          else reject(new Error(`${this.name} refuses ${method} ${path}: ${text}`))
        })
      })
      asking.on('error', reject)
      asking.end(body === undefined ? undefined : JSON.stringify(body))
    })
  }

  /** By itself. */
  get hasEnded(): boolean {
    return this.#supervisor !== null && this.#supervisor.exitCode !== null
  }

  lastWords(): string {
    return existsSync(this.#log) ? readFileSync(this.#log, 'utf8').slice(-2000) : ''
  }

  get #run(): string {
    return join(this.#folder, 'run')
  }

  get #log(): string {
    return join(this.#folder, 'supervisor.log')
  }

  get #on(): ChildProcess {
    if (!this.#supervisor) throw new Error(`${this.name} is off`)
    return this.#supervisor
  }

  /** The first process first: it would notice that the others are silent. */
  #signal(signal: 'SIGSTOP' | 'SIGCONT'): void {
    const below = descendantsOf(this.#on.pid ?? 0)
    for (const pid of signal === 'SIGSTOP' ? below : below.reverse()) process.kill(pid, signal)
  }
}

function descendantsOf(parent: number): number[] {
  const children = readdirSync('/proc').filter(name => parentOf(name) === parent)
  return children.flatMap(name => [Number(name), ...descendantsOf(Number(name))])
}

function parentOf(name: string): number | null {
  if (!/^\d+$/.test(name)) return null
  try {
    // The name in parentheses may hold anything; the state and the parent follow it.
    return Number(readFileSync(`/proc/${name}/stat`, 'utf8').split(') ').at(-1)?.split(' ')[1])
  } catch {
    return null
  }
}
