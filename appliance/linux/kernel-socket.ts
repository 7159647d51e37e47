import { checked, errorCode } from './kernel-error.ts'
import { type Envelope, native } from './native/binding.ts'

/** include/uapi/asm-generic/socket.h */
const SOL_SOCKET = 1
const SO_RCVBUF = 8
const SO_PRIORITY = 12
const SO_RCVBUFFORCE = 33
const SO_TIMESTAMPNS = 35
const SO_MEMINFO = 55
const SO_BINDTOIFINDEX = 62

/** SK_MEMINFO_DROPS of include/uapi/linux/sock_diag.h */
const dropsInMemoryInfo = 8

/** sendmsg's answer where it is no error: the bytes went, or the code says why not. */
export type SendOutcome = 'sent' | (string & {})

/** A socket of any family, non-blocking. Setting it up throws; using it does not. */
export class KernelSocket {
  /** In errors. */
  readonly title: string
  #fd: number
  #unwatch: (() => void) | null = null

  private constructor(fd: number, title: string) {
    this.#fd = fd
    this.title = title
  }

  /** `setUp` may throw: the socket is closed then. */
  static open(
    [domain, type, protocol]: readonly [domain: number, type: number, protocol: number],
    title: string,
    setUp: (socket: KernelSocket) => void,
  ): KernelSocket {
    const fd = checked(native().openSocket(domain, type, protocol), { op: 'socket', target: title })
    const socket = new KernelSocket(fd, title)
    try {
      setUp(socket)
      return socket
    } catch (error) {
      socket.close()
      throw error
    }
  }

  bind(address: Uint8Array): void {
    checked(native().bindSocket(this.#fd, address), { op: 'bind', target: this.title })
  }

  /** `name` is that of the option, for errors. */
  option(name: string, level: number, option: number, value: number | Uint8Array): void {
    checked(this.#setOption(level, option, value), {
      op: `setsockopt ${name}`,
      target: this.title,
    })
  }

  #setOption(level: number, option: number, value: number | Uint8Array): number {
    const bytes = typeof value === 'number' ? hostInteger(value) : value
    return native().setOption(this.#fd, level, option, bytes)
  }

  /** Sends and receives by this interface only, whatever its name becomes. */
  bindToInterface(index: number): void {
    this.option('SO_BINDTOIFINDEX', SOL_SOCKET, SO_BINDTOIFINDEX, index)
  }

  /** Of what is sent; 6 is that of control traffic (linux/pkt_sched.h). */
  priority(priority: number): void {
    this.option('SO_PRIORITY', SOL_SOCKET, SO_PRIORITY, priority)
  }

  /** The kernel doubles it for its own book-keeping. Above rmem_max only with NET_ADMIN. */
  receiveBuffer(bytes: number): void {
    if (this.#setOption(SOL_SOCKET, SO_RCVBUFFORCE, bytes) >= 0) return
    this.option('SO_RCVBUF', SOL_SOCKET, SO_RCVBUF, bytes)
  }

  /** Fills `waited` of the envelope. */
  timestamps(): void {
    this.option('SO_TIMESTAMPNS', SOL_SOCKET, SO_TIMESTAMPNS, 1)
  }

  /** What the program of classic BPF refuses is dropped by the kernel, uncounted. */
  filter(program: Uint8Array): void {
    const attempt = { op: 'setsockopt SO_ATTACH_FILTER', target: this.title }
    checked(native().attachFilter(this.#fd, program), attempt)
  }

  /** How many messages found the receive buffer full. */
  drops(): number {
    const numbers = new Uint32Array(dropsInMemoryInfo + 1)
    const bytes = new Uint8Array(numbers.buffer)
    checked(native().getOption(this.#fd, SOL_SOCKET, SO_MEMINFO, bytes), {
      op: 'getsockopt SO_MEMINFO',
      target: this.title,
    })
    return numbers[dropsInMemoryInfo] ?? 0
  }

  send(data: Uint8Array, address: Uint8Array | null, control: Uint8Array | null): SendOutcome {
    const result = native().send(this.#fd, data, address, control)
    return result >= 0 ? 'sent' : errorCode(result)
  }

  /** Below 0: -errno; -EAGAIN when nothing is there. */
  receive(into: Uint8Array, envelope: Envelope): number {
    return native().receive(this.#fd, into, envelope.bytes)
  }

  /** Called again as long as something is left unread. Replaces an earlier callback. */
  onReadable(callback: () => void): void {
    this.#unwatch?.()
    const watching = native().watch(this.#fd, callback, true)
    if (typeof watching === 'number') {
      this.#unwatch = null
      checked(watching, { op: 'watch', target: this.title })
      return
    }
    this.#unwatch = watching
  }

  close(): void {
    if (this.#fd < 0) return
    this.#unwatch?.()
    this.#unwatch = null
    native().closeDescriptor(this.#fd)
    this.#fd = -1
  }
}

/** An int as the kernel takes it. */
export const hostInteger = (value: number): Uint8Array =>
  new Uint8Array(Int32Array.of(value).buffer)
