import { readFile } from 'node:fs/promises'
import type { Duration } from '../../../appliance/values/duration.ts'
import type { Host } from './host.ts'
import type { Program } from './program.ts'
import { wireProgram } from './programs.ts'
import type { Switch } from './switch.ts'

export type PlugOptions = {
  /** Of the interface on the host's side. */
  readonly name: string
  /** One or several, with prefix length; IPv4 and IPv6. */
  readonly address?: string | readonly string[]
  readonly mac?: string
}

/** Seen from the host: `out` is what it sends, `in` what it is sent. */
export type Direction = 'in' | 'out' | 'both'

export type DelayOptions = {
  /** Added at random, up to this much; frames may then overtake each other. */
  readonly jitter?: Duration
  /** The share of frames that arrive twice, 0 to 1. */
  readonly duplicates?: number
}

let ports = 0

/** A cable from a host or tap to a switch. All controls act on the switch's side of it. */
export class Link {
  /** The interface at the far end, as the host sees it. */
  readonly name: string
  /** The interface at the switch. */
  readonly port: string
  readonly #switch: Switch
  readonly #ground: Host
  #wire: Program | null = null

  private constructor(name: string, port: string, target: Switch) {
    this.name = name
    this.port = port
    this.#switch = target
    this.#ground = target.ground
  }

  static async between(host: Host, target: Switch, options: PlugOptions): Promise<Link> {
    const { name, address = [], mac } = options
    const port = `port${++ports}`
    const far = [name, 'netns', await pidInLab(host), ...(mac ? ['address', mac] : [])]
    const ground = target.ground
    await ground.must('ip', ['link', 'add', port, 'type', 'veth', 'peer', 'name', ...far])
    await ground.must('ip', ['link', 'set', port, 'master', target.name, 'up'])
    for (const one of [address].flat()) {
      const nodad = one.includes(':') ? ['nodad'] : []
      await host.must('ip', ['address', 'add', one, 'dev', name, ...nodad])
    }
    await host.must('ip', ['link', 'set', name, 'up'])
    return new Link(name, port, target)
  }

  static async toTap(target: Switch, device: string): Promise<Link> {
    await target.ground.must('ip', ['tuntap', 'add', 'dev', device, 'mode', 'tap'])
    await target.ground.must('ip', ['link', 'set', device, 'master', target.name, 'up'])
    return new Link(device, device, target)
  }

  /** Pulls the cable out: the host sees its carrier go. */
  async cut(): Promise<void> {
    await this.#ground.must('ip', ['link', 'set', this.port, 'down'])
  }

  /** Drops every frame in a direction; carrier stays. Replaces an earlier silence or loss. */
  silence(direction: Direction = 'both'): Promise<void> {
    return this.#drop(direction, '')
  }

  /** Drops a share of the frames, 0 to 1, at random. Replaces an earlier silence or loss. */
  loss(share: number, direction: Direction = 'both'): Promise<void> {
    return this.#drop(direction, `numgen random mod 10000 < ${Math.round(share * 10_000)}`)
  }

  // One table per link, replaced whole. Both interfaces are named: see delay().
  async #drop(direction: Direction, condition: string): Promise<void> {
    const ports = `{ "${this.port}", "${this.#delayedPort}" }`
    const rule = (side: string, of: Direction) =>
      direction === of || direction === 'both' ? `; ${side} ${ports} ${condition} drop` : ''
    await this.#ground.must('nft', ['-f', '-'], {
      input: `
        add table bridge ${this.port}
        delete table bridge ${this.port}
        table bridge ${this.port} {
          chain out { type filter hook prerouting priority 0 ${rule('iifname', 'out')}; }
          chain in { type filter hook postrouting priority 0 ${rule('oifname', 'in')}; }
        }`,
    })
  }

  get #delayedPort(): string {
    return `${this.port}w`
  }

  /**
   * Holds every frame back for so long, in both directions. The port leaves the switch for that,
   * and a program carries frames between it and another port; frames on the way get lost when the
   * delay is set again or the link is healed.
   */
  async delay(wait: Duration, { jitter, duplicates = 0 }: DelayOptions = {}): Promise<void> {
    await this.#undelay()
    const [inner, outer] = [`${this.port}v`, this.#delayedPort]
    const ip = (line: string) => this.#ground.must('ip', line.split(' '))
    await ip(`link add ${inner} type veth peer name ${outer}`)
    await ip(`link set ${this.port} nomaster`)
    await ip(`link set ${outer} master ${this.#switch.name} up`)
    await ip(`link set ${inner} up`)
    const numbers = [wait, jitter ?? 0, duplicates].map(String)
    this.#wire = await this.#ground.start(await wireProgram(), [this.port, inner, ...numbers])
    await this.#wire.until(/^ready$/m)
  }

  async #undelay(): Promise<void> {
    if (!this.#wire) return
    await this.#wire.kill()
    this.#wire = null
    await this.#ground.must('ip', ['link', 'delete', this.#delayedPort])
    await this.#ground.must('ip', ['link', 'set', this.port, 'master', this.#switch.name])
  }

  /** Takes back whatever was done to the link. */
  async heal(): Promise<void> {
    await this.#undelay()
    await this.#ground.run('nft', ['delete', 'table', 'bridge', this.port])
    await this.#ground.must('ip', ['link', 'set', this.port, 'up'])
  }
}

// The command that moves the interface runs in the lab's pid namespace.
const pidInLab = async (host: Host): Promise<string> => {
  const status = await readFile(`/proc/${host.pid}/status`, 'utf8')
  const pids = /^NSpid:\s+(.*)$/m.exec(status)?.[1]?.split(/\s+/) ?? []
  return pids.at(-1) ?? ''
}
