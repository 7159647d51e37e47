import type { ServerResponse } from 'node:http'
import { clientNetwork } from '../access/client-network.ts'
import { type PublicStatus, tellsSomethingNew } from '../status/public-status.ts'

/** Closed when so many bytes wait for a reader that does not read. */
const longestBacklog = 64 * 1024
/** At most one event in this time. */
const shortestGapMs = 1000
/** A page that hears nothing for more than twice as long shows that it is out of date. */
const longestGapMs = 5000

export type StreamLimits = { readonly all: number; readonly perNetwork: number }

/**
 * Everybody who follows the public status (server-sent events).
 *
 * An event goes out only because the supervisor has said something: when it is silent, so are we,
 * and the pages say that what they show is old. So there is no keep-alive of our own here.
 */
export class Streams {
  readonly #open = new Map<ServerResponse, string>()
  readonly #limits: StreamLimits
  #latest: PublicStatus | null = null
  #sent: PublicStatus | null = null
  #sentAt = Number.NEGATIVE_INFINITY
  #timer: NodeJS.Timeout | null = null

  constructor(limits: StreamLimits) {
    this.#limits = limits
  }

  publish(status: PublicStatus): void {
    this.#latest = status
    const age = performance.now() - this.#sentAt
    if (this.#sent !== null && !tellsSomethingNew(this.#sent, status) && age < longestGapMs) return
    if (age >= shortestGapMs) this.#send()
    else this.#timer ??= setTimeout(() => this.#send(), shortestGapMs - age)
  }

  /** False when there are too many; the caller answers then. */
  add(response: ServerResponse, address: string, first: PublicStatus | null): boolean {
    const network = clientNetwork(address)
    const same = [...this.#open.values()].filter(other => other === network).length
    if (this.#open.size >= this.#limits.all || same >= this.#limits.perNetwork) return false
    response.writeHead(200, {
      'Content-Type': 'text/event-stream; charset=utf-8',
      'Cache-Control': 'no-store',
    })
    response.write(first === null ? ': the state is unknown\n\n' : event(first))
    this.#open.set(response, network)
    response.on('close', () => this.#open.delete(response))
    return true
  }

  close(): void {
    if (this.#timer !== null) clearTimeout(this.#timer)
    for (const response of this.#open.keys()) response.end()
  }

  #send(): void {
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#timer = null
    if (this.#latest === null) return
    this.#sent = this.#latest
    this.#sentAt = performance.now()
    const text = event(this.#sent)
    for (const response of this.#open.keys()) {
      if (response.writableLength > longestBacklog) response.destroy()
      else response.write(text)
    }
  }
}

const event = (status: PublicStatus) => `data: ${JSON.stringify(status)}\n\n`
