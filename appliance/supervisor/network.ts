import { execFile } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { Interfaces } from '../linux/interfaces.ts'
import { NftTable } from '../linux/nft.ts'
import { type NetworkReport, OwnNetwork } from '../linux/own-network.ts'
import { firewallRules, firewallTable } from '../network/firewall.ts'
import { type NetworkPart, noNetwork } from '../network/wish.ts'
import { minutes, seconds } from '../values/duration.ts'
import type { AlarmBook } from './alarm-book.ts'
import type { Settings } from './settings.ts'
import type { Surroundings } from './surroundings.ts'
import { VrrpGuard } from './vrrp-guard.ts'

/** What others take away comes back at once; this is for what nobody tells of. */
const lookEvery = seconds(10)
/** Changes that come together are answered together. */
const gatherFor = 200
const tellEvery = minutes(10)
const firewallAdvice = 'It needs the program nft and the module nf_tables of this kernel.'

/**
 * The network of this box: what `node.network` and `node.hostname` say, and kept so. Only on the
 * image: the network of somebody's computer is not ours, but for the guard of its virtual routers.
 */
export class Network {
  readonly #settings: Settings
  readonly #alarms: AlarmBook
  readonly #surroundings: Surroundings
  readonly #say: (text: string) => void
  readonly #kernel: { readonly own: OwnNetwork; readonly seen: Interfaces } | null
  readonly #looking: NodeJS.Timeout
  readonly #hostnameBefore = hostname()
  readonly #firewall = new NftTable(firewallTable, firewallAdvice)
  readonly #guard: VrrpGuard
  /** Null: nobody has said yet what is wanted, and what an earlier supervisor has set up stays. */
  #part: NetworkPart | null = null
  /** In force without a refusal. */
  #applied: NetworkPart | null = null
  #gathering: NodeJS.Timeout | null = null
  #resolver: string | null = null
  #firewalling: Promise<unknown> = Promise.resolve()
  #refused = 0
  #tellNext = 0

  constructor(
    settings: Settings,
    alarms: AlarmBook,
    surroundings: Surroundings,
    say: (text: string) => void,
  ) {
    this.#settings = settings
    this.#alarms = alarms
    this.#surroundings = surroundings
    this.#say = say
    this.#guard = new VrrpGuard(settings.appliance, alarms, say)
    surroundings.madePorts = () => this.#made
    this.#looking = setInterval(() => {
      this.#keep()
      void this.#keepFirewall()
      // Before that, what an earlier supervisor has left there is as good.
      if (this.#part !== null) void this.#guard.keep()
    }, lookEvery)
    if (!settings.appliance) {
      this.#kernel = null
      return
    }
    const seen = Interfaces.open(() => this.#keepSoon())
    this.#kernel = { own: new OwnNetwork(), seen }
  }

  /**
   * Puts it in force. Returns what was refused, with what to do; the rest is in force then, and
   * whoever asked may apply what was before.
   */
  async apply(part: NetworkPart): Promise<readonly string[]> {
    // nft takes longer than all else of most changes; what others take away the slow tick sees.
    if (isDeepStrictEqual(part, this.#applied)) return []
    this.#applied = null
    this.#part = part
    const guarded = await this.#guard.want(part.vrrpGuard)
    if (this.#kernel === null) {
      if (part.hostname !== null || part.network !== null) this.#say(ignored)
      return guarded
    }
    const named = this.#keepHostname(part.hostname ?? this.#hostnameBefore)
    const refused = this.#keep({ anew: true })?.refused ?? []
    const whys = [...guarded, ...named, ...refused, ...(await this.#keepFirewall())]
    if (whys.length === 0) this.#applied = part
    return whys
  }

  /** What holds where there is no configuration. */
  async startWith(part: NetworkPart): Promise<void> {
    if (this.#part === null) await this.apply(part)
  }

  /** Of these ports, and of what is made of them: where an address is asked for by DHCP. */
  dhcpInterfaces(ports: readonly string[]): readonly string[] {
    const network = this.#part?.network ?? null
    if (network === null) return ports
    return network.interfaces
      .filter(({ name, dhcp }) => dhcp && this.#kernel?.seen.named(name) != null)
      .map(({ name }) => name)
  }

  /** What is made of ports, by name: `bond`, `vlan` or `bridge`. */
  get #made(): ReadonlyMap<string, string> {
    return new Map(
      (this.#part?.network?.interfaces ?? []).flatMap(({ name, made }) =>
        made === null ? [] : [[name, made.kind] as const],
      ),
    )
  }

  async close(): Promise<void> {
    clearInterval(this.#looking)
    if (this.#gathering !== null) clearTimeout(this.#gathering)
    this.#kernel?.seen.close()
    this.#kernel?.own.close()
    // A host is left as it was; the box stays guarded until it is off.
    if (this.#kernel === null) await this.#guard.close()
  }

  #keepSoon(): void {
    this.#gathering ??= setTimeout(() => {
      this.#gathering = null
      this.#keep()
    }, gatherFor)
  }

  #keep({ anew = false } = {}): NetworkReport | null {
    if (this.#kernel === null || this.#part === null) return null
    try {
      const report = this.#kernel.own.keep(this.#part.network ?? noNetwork, { anew })
      // Whoever applies the same again wants it tried again.
      if (report.refused.length > 0) this.#applied = null
      for (const change of report.changes) this.#say(`network: ${change}`)
      this.#alarms.set('network', alarmsOf(report, this.#surroundings.looked))
      this.#keepResolver()
      this.#endLeases()
      return report
    } catch (error) {
      this.#applied = null
      const message = `The network could not be looked at: ${words(error)}`
      this.#alarms.set('network', [{ reason: 'network-refused', message }])
      return { changes: [], refused: [message], missing: [] }
    }
  }

  /** In turn: nft is a program of its own, and takes its time. */
  #keepFirewall(): Promise<readonly string[]> {
    const work = this.#firewalling.then(() => this.#setFirewall())
    this.#firewalling = work
    return work
  }

  async #setFirewall(): Promise<readonly string[]> {
    if (this.#kernel === null || this.#part === null) return []
    const { firewall } = this.#part
    try {
      const { webPort, pairPort } = this.#settings
      const rules = firewall && firewallRules({ ...firewall, webPort, pairPort })
      const report = await this.#firewall.keep(rules)
      if (report !== 'as-wanted') this.#say(`the firewall is ${report}`)
      this.#alarms.set('firewall', [])
      await this.#tellRefusals()
      return []
    } catch (error) {
      const message = `The firewall could not be set: ${words(error)}`
      this.#alarms.set('firewall', [{ reason: 'firewall-refused', message }])
      return [message]
    }
  }

  /** Now and then: somebody who scans the box must not fill its log. */
  async #tellRefusals(): Promise<void> {
    const now = performance.now()
    const refused = await this.#firewall.packets('refused')
    if (refused === null || refused === this.#refused || now < this.#tellNext) return
    this.#say(`the firewall has refused ${refused} packets since it was set`)
    this.#refused = refused
    this.#tellNext = now + tellEvery
  }

  #keepHostname(name: string): readonly string[] {
    if (hostname() === name) return []
    try {
      writeFileSync('/proc/sys/kernel/hostname', name)
      this.#say(`the host name is ${name}`)
      return []
    } catch (error) {
      return [`The host name could not be set: ${words(error)}`]
    }
  }

  #keepResolver(): void {
    const { nameServers, searchDomains } = this.#part?.network ?? noNetwork
    const text = [
      ...(searchDomains.length === 0 ? [] : [`search ${searchDomains.join(' ')}\n`]),
      ...nameServers.map(server => `nameserver ${server}\n`),
    ].join('')
    if (text === (this.#resolver ?? '')) return
    mkdirSync(this.#leases, { recursive: true })
    writeFileSync(join(this.#leases, 'configured'), text)
    this.#resolver = text
    this.#runLeaseScript('resolver', 'lo')
  }

  /** Of interfaces that ask no more: udhcpc leaves its address behind when it is ended. */
  #endLeases(): void {
    if (!this.#part?.network) return
    const asking = new Set(this.dhcpInterfaces([]))
    for (const name of leasedInterfaces(this.#leases)) {
      if (!asking.has(name)) this.#runLeaseScript('deconfig', name)
    }
  }

  #runLeaseScript(what: 'deconfig' | 'resolver', name: string): void {
    const { libDir, runDir } = this.#settings
    const env = { ...process.env, DIARCH_RUN: runDir, interface: name }
    execFile(join(libDir, 'dhcp-lease'), [what], { env, timeout: 10_000 }, (error, stdout) => {
      const said = error === null ? stdout.trim() : error.message
      if (said !== '') this.#say(`network: ${said}`)
    })
  }

  get #leases(): string {
    return join(this.#settings.runDir, 'dhcp')
  }
}

const ignored =
  'node.network and node.hostname are ignored: without the image the network of this host is ' +
  'left as it is'

function alarmsOf({ refused, missing }: NetworkReport, portsHaveNames: boolean) {
  const [first, ...others] = refused
  const more = others.length === 0 ? '' : ` (and ${others.length} more)`
  return [
    ...(first === undefined ? [] : [{ reason: 'network-refused', message: `${first}${more}` }]),
    ...(portsHaveNames ? missing : []).map(name => ({
      reason: 'network-incomplete',
      message: `${name} is in node.network, and there is no such port: plug it in, or correct it.`,
    })),
  ]
}

function leasedInterfaces(folder: string): readonly string[] {
  try {
    return readdirSync(folder)
      .filter(file => file.endsWith('.lease') && readFileSync(join(folder, file), 'utf8') !== '')
      .map(file => file.slice(0, -'.lease'.length))
  } catch {
    return []
  }
}

const words = (error: unknown): string => (error instanceof Error ? error.message : String(error))
