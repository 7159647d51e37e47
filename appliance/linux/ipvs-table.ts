import type { IpvsOp } from '../ipvs/plan.ts'
import {
  type SeenDestination,
  type SeenService,
  type ServiceAt,
  serviceKey,
} from '../ipvs/service.ts'
import type { DaemonRole, SyncDaemon } from '../ipvs/sync-daemon.ts'
import type { IpvsTimeouts } from '../ipvs/timeouts.ts'
import type { KernelError } from './kernel-error.ts'
import type { Body } from './netlink/body.ts'
import { askForFamily, decodeFamily } from './netlink/generic-message.ts'
import { GenericReader } from './netlink/generic-reader.ts'
import {
  askForInfo,
  askForTimeouts,
  decodeInfo,
  decodeTimeouts,
  type IpvsInfo,
  setTimeouts,
} from './netlink/ipvs-config-message.ts'
import {
  decodeDaemon,
  listDaemons,
  startDaemon,
  stopDaemon,
} from './netlink/ipvs-daemon-message.ts'
import {
  addDestination,
  changeDestination,
  decodeDestination,
  listDestinations,
  removeDestination,
} from './netlink/ipvs-destination-message.ts'
import { type IpvsRequest, ipvsFamily } from './netlink/ipvs-message.ts'
import {
  addService,
  changeService,
  decodeService,
  flushTable,
  type KernelService,
  listServices,
  removeService,
  serviceFamily,
  zeroTraffic,
} from './netlink/ipvs-service-message.ts'
import { NetlinkSocket } from './netlink/socket.ts'
import type { Refusal } from './virtual-addresses.ts'

export const withoutIpvs =
  'This kernel has no IPVS: its module ip_vs is missing or was refused (modprobe ip_vs says why).'

/** The kernel's IPVS table of this network namespace. Everything happens inside of the call. */
export class IpvsTable {
  readonly #reader: GenericReader
  readonly #writer: NetlinkSocket
  /** The kernel gave it out when the module was loaded. */
  readonly #type: number

  private constructor(reader: GenericReader, writer: NetlinkSocket, type: number) {
    this.#reader = reader
    this.#writer = writer
    this.#type = type
  }

  /** The kernel loads its module for it. Throws where it has none. */
  static open(): IpvsTable {
    const reader = GenericReader.open()
    try {
      const { type } = decodeFamily(reader.ask(askForFamily(ipvsFamily, withoutIpvs)))
      return new IpvsTable(reader, NetlinkSocket.open('generic'), type)
    } catch (error) {
      reader.close()
      throw error
    }
  }

  /**
   * What changes while it is read may be missing or old, because IPVS tells nobody of changes:
   * whoever repairs the table reads it again.
   */
  read(): readonly SeenService[] {
    const services: KernelService[] = []
    this.#dump(listServices, decodeService, services)
    return services.map(service => {
      const family = serviceFamily(service.at)
      const destinations: SeenDestination[] = []
      const decode = (body: Body) => decodeDestination(body, family)
      this.#dump(listDestinations(service.at), decode, destinations)
      return { ...service, destinations }
    })
  }

  /**
   * Performs all in one go, and goes on after a refusal. Returns what the kernel refused. No
   * refusal of its own: what was to be removed and was gone, and destinations of a service that
   * was refused.
   */
  apply(ops: readonly IpvsOp[]): readonly Refusal<IpvsOp>[] {
    const errors = this.#writer.perform(ops.map(op => this.#sent(requestOf(op))))
    const refusedServices = new Set<string>()
    return ops.flatMap((op, index) => {
      const error = errors[index] ?? null
      if (error === null || isGone(op, error)) return []
      const key = serviceKey(op.service)
      if (op.kind === 'add-service') refusedServices.add(key)
      else if (refusedServices.has(key) && error.code === 'ESRCH') return []
      return [{ op, error }]
    })
  }

  /** Sets counters to 0: those of a service and its destinations, or all (null). */
  zero(service: ServiceAt | null): void {
    this.#must(zeroTraffic(service))
  }

  /** Removes all services with their destinations, whosever they are. */
  flush(): void {
    this.#must(flushTable)
  }

  daemons(): readonly SyncDaemon[] {
    const found: SyncDaemon[] = []
    this.#dump(listDaemons, decodeDaemon, found)
    return found
  }

  startDaemon(daemon: SyncDaemon): void {
    this.#must(startDaemon(daemon))
  }

  /**
   * Nothing is said when it did not run. The kernel does not answer at all when its thread had not
   * begun yet to run, so what counts is whether it is gone.
   */
  stopDaemon(role: DaemonRole): void {
    const error = this.#perform(stopDaemon(role))
    if (error !== null && this.daemons().some(daemon => daemon.role === role)) throw error
  }

  timeouts(): IpvsTimeouts {
    return decodeTimeouts(this.#reader.ask(this.#sent(askForTimeouts)))
  }

  /** What is left out stays. */
  setTimeouts(timeouts: Partial<IpvsTimeouts>): void {
    this.#must(setTimeouts(timeouts))
  }

  info(): IpvsInfo {
    return decodeInfo(this.#reader.ask(this.#sent(askForInfo)))
  }

  close(): void {
    this.#reader.close()
    this.#writer.close()
  }

  #dump<Item>(request: IpvsRequest, decode: (body: Body) => Item | null, into: Item[]): void {
    this.#reader.dump(this.#sent(request), body => {
      const item = decode(body)
      if (item !== null) into.push(item)
    })
  }

  #must(request: IpvsRequest): void {
    const error = this.#perform(request)
    if (error !== null) throw error
  }

  #perform(request: IpvsRequest): KernelError | null {
    return this.#writer.perform([this.#sent(request)])[0] ?? null
  }

  #sent(request: IpvsRequest): IpvsRequest & { readonly type: number } {
    return { ...request, type: this.#type }
  }
}

function requestOf(op: IpvsOp): IpvsRequest {
  switch (op.kind) {
    case 'add-service':
      return addService(op.service, op.settings)
    case 'change-service':
      return changeService(op.service, op.settings)
    case 'remove-service':
      return removeService(op.service)
    case 'add-destination':
      return addDestination(op.service, op.destination, op.settings)
    case 'change-destination':
      return changeDestination(op.service, op.destination, op.settings)
    case 'remove-destination':
      return removeDestination(op.service, op.destination)
  }
}

const isGone = ({ kind }: IpvsOp, { code }: KernelError): boolean =>
  (kind === 'remove-service' && code === 'ESRCH') ||
  (kind === 'remove-destination' && (code === 'ESRCH' || code === 'ENOENT'))
