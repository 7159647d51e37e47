import { createRequire } from 'node:module'
import { builtFile } from '../lib-dir.ts'

/**
 * What the addon offers. Functions that return a number return -errno when the kernel refused; the
 * watchdog's throw an Error with `op`, `target` and `code`, and so do all for wrong arguments.
 */
export type Native = {
  /** Non-blocking, closed on exec. Returns its file descriptor. */
  readonly openSocket: (domain: number, type: number, protocol: number) => number
  readonly bindSocket: (fd: number, address: Uint8Array) => number
  readonly setOption: (fd: number, level: number, option: number, value: Uint8Array) => number
  /** Returns how many bytes it put into `into`. */
  readonly getOption: (fd: number, level: number, option: number, into: Uint8Array) => number
  /** A program of classic BPF. */
  readonly attachFilter: (fd: number, program: Uint8Array) => number
  readonly send: (
    fd: number,
    data: Uint8Array,
    address: Uint8Array | null,
    control: Uint8Array | null,
  ) => number
  /** What is said about the message goes into the envelope: see Envelope. */
  readonly receive: (fd: number, into: Uint8Array, envelope: Uint8Array) => number
  readonly closeDescriptor: (fd: number) => number

  /** 0, or -EINPROGRESS. */
  readonly connectSocket: (fd: number, address: Uint8Array) => number
  /** Of sockets that are being connected; readable when one of them has its answer. */
  readonly openPoll: () => number
  readonly awaitConnected: (poll: number, fd: number) => number
  /** Returns how many pairs of 32-bit numbers it put there: the descriptor; 0 or -errno. */
  readonly connected: (poll: number, into: Uint8Array) => number

  /** Until the function that it returns is called, which has to be before the close. */
  readonly watch: (fd: number, onReadable: () => void, keepsAlive: boolean) => (() => void) | number

  readonly openTimer: () => number
  /** In milliseconds of CLOCK_MONOTONIC; 0 disarms. */
  readonly setTimer: (fd: number, at: number) => number
  /** 1 when it has expired since it was set or read last. */
  readonly readTimer: (fd: number) => number

  /** Lasts as long as it blinks; 0 or -errno. */
  readonly blinkPort: (name: Uint8Array, seconds: number) => Promise<number>

  /**
   * A terminal becomes a line of bytes; what has come in before is thrown away. Its descriptor, or
   * -errno. This and the close may last for seconds, on another thread.
   */
  readonly openLine: (path: Uint8Array, baud: number) => Promise<number>
  /** What has not gone out is dropped. */
  readonly closeLine: (fd: number) => Promise<number>
  /** Returns how many bytes came; 0: the device is gone. */
  readonly readLine: (fd: number, into: Uint8Array) => number
  /** Returns how many of them it took. */
  readonly writeLine: (fd: number, bytes: Uint8Array) => number

  readonly lockPages: (start: number, length: number) => number
  /** flock(2); -EAGAIN: another process has it. */
  readonly lockFile: (fd: number) => number

  readonly watchdogIdentity: (fd: number) => string
  /** Returns what the driver made of it: many know only some lengths. */
  readonly watchdogSetTimeout: (fd: number, seconds: number) => number
  readonly watchdogTimeout: (fd: number) => number
  readonly watchdogKeepAlive: (fd: number) => void
}

let loaded: Native | null = null

/** Loaded at the first use: most programs here never need it. */
export function native(): Native {
  loaded ??= createRequire(import.meta.url)(builtFile('native.node')) as Native
  return loaded
}

/** `struct envelope` of socket.c: made once, filled by every `receive`. */
export class Envelope {
  readonly bytes = new Uint8Array(72)
  readonly #float = new Float64Array(this.bytes.buffer, 0, 1)
  readonly #int = new Int32Array(this.bytes.buffer, 8, 4)
  /** A struct sockaddr; of it `senderLength` bytes count. */
  readonly sender: Uint8Array = this.bytes.subarray(24, 56)
  /** Of an IPv6 packet, on sockets with IPV6_RECVPKTINFO. */
  readonly destination: Uint8Array = this.bytes.subarray(56, 72)

  /** Milliseconds that the message lay in the socket; below 0: not known. */
  get waited(): number {
    return this.#float[0] ?? -1
  }

  /** The message was longer than the buffer. */
  get truncated(): boolean {
    return this.#int[0] !== 0
  }

  /** Of IPv6, on sockets with IPV6_RECVHOPLIMIT; below 0: not known. */
  get hopLimit(): number {
    return this.#int[1] ?? -1
  }

  get interfaceIndex(): number {
    return this.#int[2] ?? 0
  }

  get senderLength(): number {
    return this.#int[3] ?? 0
  }
}
