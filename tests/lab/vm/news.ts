import type { Duration } from '../../../appliance/values/duration.ts'

/** Lets tests wait for what comes with the next piece of news: no polling, and a deadline. */
export class News {
  readonly #watching = new Set<() => void>()

  /** Something happened: everybody who waits looks again. */
  tell(): void {
    for (const look of this.#watching) look()
  }

  /** `find` gives what is waited for or null, or throws when it cannot come any more. */
  until<T>(find: () => T | null, within: Duration, tooLate: () => Error): Promise<T> {
    return new Promise((resolve, reject) => {
      const settle = (finish: () => void) => {
        this.#watching.delete(look)
        clearTimeout(timer)
        finish()
      }
      const look = () => {
        try {
          const found = find()
          if (found !== null) settle(() => resolve(found))
        } catch (error) {
          settle(() => reject(error))
        }
      }
      const timer = setTimeout(() => settle(() => reject(tooLate())), within)
      this.#watching.add(look)
      look()
    })
  }
}
