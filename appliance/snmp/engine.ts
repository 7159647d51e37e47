import { randomBytes } from 'node:crypto'
import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { writeDurably } from '../linux/durable-file.ts'
import { now } from '../linux/monotonic-clock.ts'

/**
 * What whoever asks by SNMPv3 knows the agent by (RFC 3414 2.2): an id for ever, how often it has
 * started, and the seconds since then. Who records a packet cannot ask with it again later.
 */
export class Engine {
  readonly id: Uint8Array
  readonly boots: number
  readonly #since = now()

  private constructor(id: Uint8Array, boots: number) {
    this.id = id
    this.boots = boots
  }

  /** Where the file cannot be read or written it is a new engine: nobody has counted its starts. */
  static start(folder: string, complain: (text: string) => void): Engine {
    const path = join(folder, 'engine.json')
    const before = read(path)
    const engine = new Engine(before?.id ?? newId(), Math.min((before?.boots ?? 0) + 1, mostBoots))
    try {
      mkdirSync(folder, { recursive: true, mode: 0o700 })
      const { id, boots } = engine
      writeDurably(path, `${JSON.stringify({ id: Buffer.from(id).toString('hex'), boots })}\n`)
      return engine
    } catch (error) {
      complain(`${path} cannot be written: ${error instanceof Error ? error.message : error}`)
      return before === null ? engine : new Engine(newId(), 1)
    }
  }

  get seconds(): number {
    return Math.floor((now() - this.#since) / 1000)
  }

  /** RFC 3414 3.2 7a */
  isInTime(boots: number, time: number): boolean {
    if (boots !== this.boots || this.boots >= mostBoots) return false
    return Math.abs(time - this.seconds) <= window
  }
}

const window = 150
const mostBoots = 0x7fff_ffff

/** RFC 3411 5, SnmpEngineID: the enterprise of KEEPALIVED-MIB, octets of our own choice. */
const newId = (): Uint8Array => Buffer.concat([Buffer.from('8000257205', 'hex'), randomBytes(12)])

function read(path: string): { id: Uint8Array; boots: number } | null {
  try {
    const { id, boots } = JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>
    if (typeof id !== 'string' || !/^[\da-f]{10,64}$/.test(id)) return null
    if (typeof boots !== 'number' || !Number.isInteger(boots) || boots < 1) return null
    return { id: Buffer.from(id, 'hex'), boots }
  } catch {
    return null
  }
}
