import { createHash } from 'node:crypto'
import type { HttpRequest } from '../health/question.ts'
import { ProbeFailure } from './asking.ts'
import { mostSearched } from './pattern.ts'

/** What is read of a body at most, by what is to be found out about it. */
const most = { digest: 16 * 1024 * 1024, json: 1024 * 1024, otherwise: mostSearched }

/** Takes as much of a body as the request needs. */
export class HttpBody {
  readonly #digest: ReturnType<typeof createHash> | null
  readonly #limit: number
  readonly #needsAll: boolean
  readonly #kept: Uint8Array[] = []
  readonly #keeps: number
  #length = 0

  constructor({ digest, json }: HttpRequest) {
    this.#digest = digest === null ? null : createHash('md5')
    this.#limit = digest !== null ? most.digest : json !== null ? most.json : most.otherwise
    this.#keeps = json === null ? mostSearched : most.json
    this.#needsAll = digest !== null || json !== null
  }

  /** False when it needs no more. Throws ProbeFailure when there is more than it takes. */
  take(chunk: Uint8Array): boolean {
    if (this.#length < this.#keeps) this.#kept.push(Uint8Array.from(chunk))
    this.#length += chunk.length
    this.#digest?.update(chunk)
    if (this.#length <= this.#limit) return true
    if (!this.#needsAll) return false
    throw new ProbeFailure('wrong-answer', `the body has more than ${this.#limit} bytes`)
  }

  get text(): string {
    return Buffer.concat(this.#kept).toString()
  }

  /** As keepalived's genhash prints it. Once. */
  digest(): string {
    return this.#digest?.digest('hex') ?? ''
  }
}
