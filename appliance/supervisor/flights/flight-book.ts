import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { gunzip, gzip } from 'node:zlib'
import type { FlightEntry } from '../../api/flight-operations.ts'
import type { FlightNote, FromFlight, ToFlight } from '../../flight/flight-messages.ts'
import { writeDurably } from '../../linux/durable-file.ts'

const mostFlights = 30
/** As they lie on the disk. */
const mostBytes = 16 * 1024 * 1024
/** vrrpd sends less; one that has gone mad is not to fill our memory. */
const mostUnfinished = 16 * 1024 * 1024

type Kept = FlightEntry & { readonly stored: number }

export type FlightBookSite = {
  readonly stateDir: string
  readonly send: (message: ToFlight) => boolean
  readonly note: (event: string, text: string) => void
}

/**
 * The recordings of failovers, in the state folder: each compressed in a file of its own, and a
 * list of them. The oldest go when there are too many, or they take too much room.
 */
export class FlightBook {
  readonly #site: FlightBookSite
  readonly #folder: string
  #kept: readonly Kept[]
  #next: number
  #parts: { readonly number: number; readonly bytes: Buffer[]; isTooLong: boolean } | null = null

  constructor(site: FlightBookSite) {
    this.#site = site
    this.#folder = join(site.stateDir, 'flights')
    this.#kept = readList(this.#folder)
    this.#next = 1 + Math.max(0, ...this.#kept.map(({ number }) => number))
  }

  /** The newest first. */
  get all(): readonly FlightEntry[] {
    return this.#kept.toReversed().map(({ stored: _, ...entry }) => entry)
  }

  onReady(): void {
    this.#parts = null
    this.#site.send({ kind: 'next-flight', number: this.#next })
  }

  onMessage(message: FromFlight): void {
    const { number } = message
    // It becomes the name of a file.
    if (!Number.isSafeInteger(number) || number < 1) return
    if (message.kind === 'flight-part') {
      if (this.#parts?.number !== number) this.#parts = { number, bytes: [], isTooLong: false }
      const bytes = Buffer.from(message.bytes, 'base64')
      const size = this.#parts.bytes.reduce((sum, { length }) => sum + length, bytes.length)
      if (size <= mostUnfinished) this.#parts.bytes.push(bytes)
      else this.#parts.isTooLong = true
      return
    }
    const parts = this.#parts?.number === number ? this.#parts : null
    this.#parts = null
    if (parts?.isTooLong) {
      const text = `flight ${number}, ${message.why}: it is longer than ${mostUnfinished} bytes`
      this.#site.note('flight-not-kept', text)
    } else void this.#keep(message, Buffer.concat(parts?.bytes ?? []))
  }

  /** Null: there is none of this number, or none any more. */
  async read(number: number): Promise<Uint8Array | null> {
    if (!this.#kept.some(each => each.number === number)) return null
    try {
      return await promisify(gunzip)(await readFile(this.#file(number)))
    } catch {
      return null
    }
  }

  async #keep(note: FlightNote, bytes: Uint8Array): Promise<void> {
    const { number, at, about, why } = note
    this.#next = Math.max(this.#next, number + 1)
    try {
      const small = await promisify(gzip)(bytes)
      mkdirSync(this.#folder, { recursive: true, mode: 0o700 })
      writeDurably(this.#file(number), small)
      const entry: Kept = {
        number,
        at,
        about: [...about],
        why,
        bytes: bytes.length,
        stored: small.length,
      }
      const all = [...this.#kept.filter(each => each.number !== number), entry]
      const staying = newest(all)
      writeDurably(this.#list, `${JSON.stringify(staying, null, 1)}\n`)
      this.#kept = staying
      for (const gone of all.filter(each => !staying.includes(each))) {
        rmSync(this.#file(gone.number), { force: true })
      }
    } catch (error) {
      const { message } = error as Error
      this.#site.note('flight-not-kept', `flight ${number}, ${why}: ${message}`)
    }
  }

  #file(number: number): string {
    return join(this.#folder, `${number}.pcapng.gz`)
  }

  get #list(): string {
    return join(this.#folder, 'list.json')
  }
}

function newest(all: readonly Kept[]): readonly Kept[] {
  const staying: Kept[] = []
  let bytes = 0
  for (const each of all.toReversed()) {
    bytes += each.stored
    if (staying.length === mostFlights || (bytes > mostBytes && staying.length > 0)) break
    staying.unshift(each)
  }
  return staying
}

/** What the list does not know, a power cut has left there. */
function readList(folder: string): readonly Kept[] {
  let kept: readonly Kept[] = []
  try {
    const read: unknown = JSON.parse(readFileSync(join(folder, 'list.json'), 'utf8'))
    if (Array.isArray(read)) kept = read
  } catch {}
  try {
    const known = new Set(kept.map(({ number }) => `${number}.pcapng.gz`))
    for (const name of readdirSync(folder)) {
      if (/^\d+\.pcapng\.gz/.test(name) && !known.has(name)) rmSync(join(folder, name))
    }
  } catch {}
  return kept
}
