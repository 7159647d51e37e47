import { readFileSync, realpathSync } from 'node:fs'
import { basename } from 'node:path'
import { checked, errorCode, errorText } from './kernel-error.ts'
import type { SendOutcome } from './kernel-socket.ts'
import { native } from './native/binding.ts'

const EAGAIN = -11
const nobody = -1

/** In one call of `drain`: some seconds of the fastest line. */
const mostAtOnce = 64

/**
 * A serial line of bytes. To open it fails in people's words. Nothing here waits: what an adapter
 * may hold up for seconds, to open and to close it, goes on elsewhere.
 */
export class SerialPort {
  readonly #device: string
  readonly #buffer = new Uint8Array(2048)
  #fd: number
  #unwatch: (() => void) | null = null

  private constructor(device: string, fd: number) {
    this.#device = device
    this.#fd = fd
  }

  /** `device`: its name below /dev. */
  static async open(device: string, baud: number): Promise<SerialPort> {
    const path = `/dev/${device}`
    if (consoles().includes(basename(realPath(path)))) {
      throw new Error(
        `${device}: it is a console of this machine, where people log in: take another port`,
      )
    }
    const result = await inTurn(device, () => native().openLine(Buffer.from(path), baud))
    if (result >= 0) return new SerialPort(device, result)
    throw new Error(`${device}: ${refusal(result, baud)}`)
  }

  /** Called again as long as something is left unread. */
  onReadable(callback: () => void): void {
    const watching = native().watch(this.#fd, callback, true)
    if (typeof watching === 'number') checked(watching, { op: 'watch', target: 'a serial line' })
    else this.#unwatch = watching
  }

  /** Hands over what waits. Not null: the device is gone, and why that is known. */
  drain(handler: (bytes: Uint8Array) => void): string | null {
    for (let count = 0; count < mostAtOnce && this.#fd !== nobody; count++) {
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
    if (this.#fd === nobody) return
    const fd = this.#fd
    this.#fd = nobody
    this.#unwatch?.()
    this.#unwatch = null
    void inTurn(this.#device, () => native().closeLine(fd))
  }
}

/** By device: whoever asks last finds it as it asked for it, and one that hangs has one thread. */
const turns = new Map<string, Promise<number>>()

async function inTurn(device: string, work: () => Promise<number>): Promise<number> {
  const turn = turns.get(device)?.then(work) ?? work()
  turns.set(device, turn)
  try {
    return await turn
  } finally {
    if (turns.get(device) === turn) turns.delete(device)
  }
}

function realPath(path: string): string {
  try {
    return realpathSync(path)
  } catch {
    return path
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

function refusal(result: number, baud: number): string {
  switch (errorCode(result)) {
    case 'ENOENT':
      return 'there is no such device: is the adapter plugged in?'
    case 'EACCES':
      return 'this user may not open it'
    case 'ENXIO':
    case 'ENODEV':
    case 'EIO':
      return 'the machine has no such port'
    case 'ENOTTY':
      return 'it is no serial device'
    case 'EINVAL':
      return `it does not take ${baud} baud`
    default:
      return errorText(result)
  }
}
