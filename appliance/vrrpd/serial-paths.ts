import type { SerialPath } from '../guard/guard-config.ts'
import { FrameReader, frame } from '../guard/serial-frame.ts'
import { lineTime, SerialPace } from '../guard/serial-pace.ts'
import { now } from '../linux/monotonic-clock.ts'
import { SerialPort } from '../linux/serial-port.ts'
import type { Duration, Instant } from '../values/duration.ts'

const firstWaitMs = 1000
const longestWaitMs = 10_000
/** Found empty longer ago than this, the line says no more when what came had come. */
const stallMs = 1500

type Line = {
  config: SerialPath
  readonly reader: FrameReader
  pace: SerialPace
  port: SerialPort | null
  obstacle: string | null
  waitMs: number
  timer: NodeJS.Timeout | null
  foundEmpty: Instant
  isWanted: boolean
}

export type Beat = {
  readonly packets: readonly Uint8Array[]
  /** The same, where the next one follows after another time. */
  readonly again: (interval: Duration) => readonly Uint8Array[]
  /** It is news. */
  readonly changed: boolean
}

export type SerialPathsSite = {
  readonly onReadable: () => void
  readonly onHeartbeat: (path: string, bytes: Uint8Array, arrived: Instant) => void
  /** A device has come or gone. */
  readonly onChange: () => void
}

/** Heartbeats over null-modem cables. A device that is not there is tried again and again. */
export class SerialPaths {
  readonly #site: SerialPathsSite
  readonly #lines = new Map<string, Line>()

  constructor(site: SerialPathsSite) {
    this.#site = site
  }

  /** What stays the same loses nothing, and to another pace a line is not opened anew. */
  want(configs: readonly SerialPath[]): void {
    for (const [name, line] of this.#lines) {
      const wanted = configs.find(each => each.name === name)
      const { serial, baud, pace } = line.config
      if (wanted?.serial === serial && wanted.baud === baud) {
        line.config = wanted
        if (wanted.pace !== pace) line.pace = new SerialPace(now())
        continue
      }
      this.#drop(line)
      this.#lines.delete(name)
    }
    for (const config of configs) {
      if (this.#lines.has(config.name)) continue
      const line: Line = {
        config,
        reader: new FrameReader(),
        pace: new SerialPace(now()),
        port: null,
        obstacle: null,
        waitMs: firstWaitMs,
        timer: null,
        foundEmpty: now(),
        isWanted: true,
      }
      this.#lines.set(config.name, line)
      void this.#open(line)
    }
  }

  /** By path: why nothing can go over it; null: something can, or it is being opened. */
  get obstacles(): readonly (readonly [string, string | null])[] {
    return [...this.#lines].map(([name, { obstacle }]) => [name, obstacle] as const)
  }

  drain(): void {
    for (const line of this.#lines.values()) if (line.port !== null) this.#read(line, line.port)
  }

  /** Over every line that can carry it now. */
  send(beat: Beat, onSent: (path: string, packet: Uint8Array) => void): void {
    const { packets, again, changed } = beat
    const sizes = packets.map(({ length }) => length)
    for (const [name, { config, port, pace }] of this.#lines) {
      if (port === null) continue
      const busy = lineTime(sizes, config.baud)
      if (!pace.admits(changed, config.pace, busy, now())) continue
      for (const packet of again(config.pace)) {
        // What cannot be written is lost; that a device is gone is heard by reading.
        if (port.write(frame(packet)) === 'sent') onSent(name, packet)
      }
    }
  }

  close(): void {
    for (const line of this.#lines.values()) this.#drop(line)
    this.#lines.clear()
  }

  #read(line: Line, port: SerialPort): void {
    const { reader, config, foundEmpty } = line
    const at = now()
    const arrived = at - foundEmpty > stallMs ? foundEmpty : at
    const gone = port.drain(bytes => {
      for (const packet of reader.take(bytes)) {
        this.#site.onHeartbeat(config.name, packet, arrived)
      }
    })
    line.foundEmpty = at
    if (gone !== null) this.#lose(line, `${config.serial}: ${gone}`)
  }

  async #open(line: Line): Promise<void> {
    const { serial, baud } = line.config
    line.timer = null
    try {
      const port = await SerialPort.open(serial, baud)
      if (!line.isWanted) {
        port.close()
        return
      }
      line.port = port
      line.foundEmpty = now()
      port.onReadable(this.#site.onReadable)
      line.waitMs = firstWaitMs
      this.#say(line, null)
    } catch (error) {
      if (line.isWanted) this.#lose(line, error instanceof Error ? error.message : String(error))
    }
  }

  #lose(line: Line, why: string): void {
    this.#close(line)
    line.timer = setTimeout(() => void this.#open(line), line.waitMs).unref()
    line.waitMs = Math.min(line.waitMs * 2, longestWaitMs)
    this.#say(line, why)
  }

  #say(line: Line, obstacle: string | null): void {
    if (line.obstacle === obstacle) return
    line.obstacle = obstacle
    this.#site.onChange()
  }

  #drop(line: Line): void {
    line.isWanted = false
    this.#close(line)
  }

  #close(line: Line): void {
    if (line.timer !== null) clearTimeout(line.timer)
    line.port?.close()
    line.port = null
    line.timer = null
  }
}
