import { Worker } from 'node:worker_threads'
import type { Duration } from '../values/duration.ts'

export type ApartLimits = {
  /** Megabytes of JavaScript's heap. */
  readonly memory: number
  readonly time: Duration
  /** So many wait their turn at most: what they were sent is held meanwhile. */
  readonly waiting: number
}

export type ApartOutcome =
  | { readonly kind: 'done'; readonly text: string }
  | { readonly kind: 'too-much'; readonly why: string }
  | { readonly kind: 'busy' }

/**
 * Work on what somebody has sent, in a thread: meanwhile the supervisor feeds its children and the
 * watchdog. One after the other; each has a thread of its own, which gives the memory back. The
 * program takes `workerData` and posts one text.
 */
export class Apart {
  readonly #program: string
  readonly #limits: ApartLimits
  #last: Promise<unknown> = Promise.resolve()
  #held = 0

  constructor(program: string, limits: ApartLimits) {
    this.#program = program
    this.#limits = limits
  }

  do(work: unknown): Promise<ApartOutcome> {
    if (this.#held > this.#limits.waiting) return Promise.resolve({ kind: 'busy' })
    this.#held += 1
    const done = this.#last
      .then(() => this.#inThread(work))
      .finally(() => {
        this.#held -= 1
      })
    this.#last = done.catch(() => undefined)
    return done
  }

  #inThread(work: unknown): Promise<ApartOutcome> {
    const { memory, time } = this.#limits
    const worker = new Worker(this.#program, {
      workerData: work,
      resourceLimits: { maxOldGenerationSizeMb: memory, maxYoungGenerationSizeMb: 8 },
    })
    return new Promise<ApartOutcome>((resolve, reject) => {
      const late = setTimeout(() => {
        resolve({ kind: 'too-much', why: `it takes more than ${time / 1000} s` })
        void worker.terminate()
      }, time)
      worker.on('message', text => resolve({ kind: 'done', text }))
      worker.on('error', error => {
        const isFull = 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY'
        if (isFull) resolve({ kind: 'too-much', why: `it takes more than ${memory} MB of memory` })
        else reject(error)
      })
      // After a message, this is late and changes nothing.
      worker.on('exit', () => {
        clearTimeout(late)
        reject(new Error(`${this.#program} ended and had nothing to say`))
      })
    })
  }
}
