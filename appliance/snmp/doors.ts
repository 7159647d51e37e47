import { createSocket, type RemoteInfo, type Socket } from 'node:dgram'
import { networkInterfaces } from 'node:os'
import { endpointText } from '../values/endpoint-text.ts'

export type Wish = { readonly interfaces: readonly string[]; readonly port: number }

export type OnPacket = (packet: Uint8Array, from: RemoteInfo, socket: Socket) => void

export type DoorsSite = {
  readonly onPacket: OnPacket
  /** Where it listens now, and where it cannot and why. */
  readonly onChange: (at: readonly string[], failures: readonly string[]) => void
}

const lookEveryMs = 5000

/**
 * A socket for each address of the box, also for virtual ones as they come and go: an answer has to
 * come from the address that was asked, or the one who asks does not take it for one.
 */
export class Doors {
  readonly #site: DoorsSite
  readonly #open = new Map<string, Socket>()
  readonly #bound = new Set<Socket>()
  readonly #failures = new Map<string, { readonly why: string; readonly times: number }>()
  #wish: Wish | null = null
  #timer: NodeJS.Timeout | null = null
  #told = ''

  constructor(site: DoorsSite) {
    this.#site = site
  }

  listen(wish: Wish): void {
    if (this.#wish !== null && this.#wish.port !== wish.port) this.#closeAll()
    this.#wish = wish
    this.#timer ??= setInterval(() => this.#look(), lookEveryMs)
    this.#look()
  }

  stop(): void {
    if (this.#timer !== null) clearInterval(this.#timer)
    this.#timer = null
    this.#closeAll()
  }

  #look(): void {
    if (this.#wish === null) return
    const wanted = addressesOf(this.#wish)
    for (const [address, socket] of this.#open) {
      if (!wanted.has(address)) this.#close(address, socket)
    }
    for (const address of this.#failures.keys()) {
      if (!wanted.has(address)) this.#failures.delete(address)
    }
    for (const address of wanted) {
      if (!this.#open.has(address)) this.#openAt(address, this.#wish.port)
    }
    this.#tell()
  }

  /** One that cannot be opened, as while another program has the port, is tried at each look. */
  #openAt(address: string, port: number): void {
    const isInet6 = address.includes(':')
    const socket = createSocket({ type: isInet6 ? 'udp6' : 'udp4', ipv6Only: isInet6 })
    this.#open.set(address, socket)
    socket.on('message', (packet, from) => this.#site.onPacket(packet, from, socket))
    socket.on('error', error => {
      const times = (this.#failures.get(address)?.times ?? 0) + 1
      this.#failures.set(address, { why: error.message, times })
      if (this.#open.get(address) === socket) this.#close(address, socket)
      this.#tell()
    })
    socket.bind(port, address, () => {
      this.#bound.add(socket)
      this.#failures.delete(address)
      this.#tell()
    })
  }

  #close(address: string, socket: Socket): void {
    this.#open.delete(address)
    this.#bound.delete(socket)
    socket.close()
  }

  #closeAll(): void {
    for (const [address, socket] of this.#open) this.#close(address, socket)
    this.#failures.clear()
  }

  #tell(): void {
    const port = this.#wish?.port ?? 0
    const at = [...this.#open]
      .filter(([, socket]) => this.#bound.has(socket))
      .map(([address]) => endpointText(address, port))
      .sort()
    // An address of IPv6 that has only just come cannot be used for a moment.
    const lasting = [...this.#failures.values()].filter(({ times }) => times > 1)
    const failures = lasting.map(({ why }) => why).sort()
    const told = JSON.stringify([at, failures])
    if (told === this.#told) return
    this.#told = told
    this.#site.onChange(at, failures)
  }
}

/** Link-local ones are good on one cable only, where the others are asked too. */
function addressesOf({ interfaces }: Wish): ReadonlySet<string> {
  return new Set(
    Object.entries(networkInterfaces()).flatMap(([name, addresses = []]) => {
      if (interfaces.length > 0 && !interfaces.includes(name)) return []
      return addresses.map(({ address }) => address).filter(each => !/^fe[89ab]/i.test(each))
    }),
  )
}
