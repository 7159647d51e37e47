import { closeSync, constants, openSync, readFileSync, realpathSync } from 'node:fs'
import { basename } from 'node:path'
import { checked, errorCode, errorText } from './kernel-error.ts'
import type { SendOutcome } from './kernel-socket.ts'
import { native } from './native/binding.ts'

const EAGAIN = -11

/** In one call of `drain`: some seconds of the fastest line. */
const mostAtOnce = 64

/** A serial line of bytes. To open it throws in people's words; to use it never waits or throws. */
export class SerialPort {
  readonly #fd: number
  readonly #buffer = new Uint8Array(2048)
  #unwatch: (() => void) | null = null

  private constructor(fd: number) {
    this.#fd = fd
  }

  /** `device`: its name below /dev. */
  static open(device: string, baud: number): SerialPort {
    const fd = opened(device)
    const result = native().openLine(fd, baud)
    if (result >= 0) return new SerialPort(fd)
    closeSync(fd)
    throw new Error(`${device}: ${lineWords(result, baud)}`)
  }

  /** Called again as long as something is left unread. */
  onReadable(callback: () => void): void {
    const watching = native().watch(this.#fd, callback, true)
    if (typeof watching === 'number') checked(watching, { op: 'watch', target: 'a serial line' })
    else this.#unwatch = watching
  }

  /** Hands over what waits. Not null: the device is gone, and why that is known. */
  drain(handler: (bytes: Uint8Array) => void): string | null {
    for (let count = 0; count < mostAtOnce; count++) {
      const length = native().readLine(this.#fd, this.#buffer)
      if (length === EAGAIN) return null
      if (length <= 0) return length === 0 ? 'it has hung up' : errorText(length)
      handler(this.#buffer.subarray(0, length))
    }
    return null
  }

  /** What does not fit is lost: the frame that follows stands for itself. */
  write(bytes: Uint8Array): SendOutcome {
    const count = native().writeLine(this.#fd, bytes)
    if (count === bytes.length) return 'sent'
    return count >= 0 ? 'cut' : errorCode(count)
  }

  /** What has not gone out is dropped: a line that nobody reads would hold us up. */
  close(): void {
    this.#unwatch?.()
    this.#unwatch = null
    native().dropOutput(this.#fd)
    native().closeDescriptor(this.#fd)
  }
}

function opened(device: string): number {
  const path = `/dev/${device}`
  try {
    if (consoles().includes(basename(realpathSync(path)))) {
      throw new Error('it is a console of this machine, where people log in: take another port')
    }
    const { O_RDWR, O_NOCTTY, O_NONBLOCK } = constants
    return openSync(path, O_RDWR | O_NOCTTY | O_NONBLOCK)
  } catch (error) {
    throw new Error(`${device}: ${openWords(error as NodeJS.ErrnoException)}`)
  }
}

/** Those that the kernel writes to, and a login listens on. */
function consoles(): readonly string[] {
  try {
    return readFileSync('/sys/class/tty/console/active', 'utf8').trim().split(' ')
  } catch {
    return []
  }
}

function openWords({ code, message }: NodeJS.ErrnoException): string {
  switch (code) {
    case 'ENOENT':
      return 'there is no such device: is the adapter plugged in?'
    case 'EACCES':
      return 'this user may not open it'
    case 'ENXIO':
    case 'ENODEV':
    case 'EIO':
      return 'the machine has no such port'
    default:
      return message
  }
}

function lineWords(result: number, baud: number): string {
  switch (errorCode(result)) {
    case 'ENOTTY':
      return 'it is no serial device'
    case 'EIO':
      return 'the machine has no such port'
    default:
      return `it does not take ${baud} baud: ${errorText(result)}`
  }
}
