import type { FromFence } from '../fencing/fence-messages.ts'
import type { PowerDevice } from '../fencing/power-device.ts'

type Ended = { readonly code: number | null; readonly why: string }
type Verb = 'status' | 'off' | 'on'

/** This process starts nothing: `scripts` does, by way of the supervisor. */
export class ScriptCalls {
  readonly #say: (message: FromFence) => void
  readonly #waiting = new Map<number, (ended: Ended) => void>()
  #calls = 0

  constructor(say: (message: FromFence) => void) {
    this.#say = say
  }

  call(device: string, verb: Verb, within: number): Promise<Ended> {
    this.#calls += 1
    const id = this.#calls
    return new Promise(resolve => {
      const late = setTimeout(() => {
        this.onEnded(id, null, 'the process that starts scripts has not answered')
      }, within + 5000)
      this.#waiting.set(id, ended => {
        clearTimeout(late)
        resolve(ended)
      })
      this.#say({ kind: 'fence-script', id, device, verb, within })
    })
  }

  onEnded(id: number, code: number | null, why: string): void {
    this.#waiting.get(id)?.({ code, why })
    this.#waiting.delete(id)
  }
}

/** Exit code 0 is its word, and there is no other; a state of `off` is 2, as of fence agents. */
export const scriptDevice = (name: string, timeout: number, calls: ScriptCalls): PowerDevice => ({
  async read() {
    const { code, why } = await calls.call(name, 'status', Math.min(timeout, 10_000))
    if (code === 0) return 'on'
    if (code === 2) return 'off'
    throw new Error(`the script, asked for the status: ${why}`)
  },
  async turn(to) {
    const { code, why } = await calls.call(name, to, timeout)
    if (code === 0) return 'done'
    throw new Error(`the script, told to switch ${to}: ${why}`)
  },
})
