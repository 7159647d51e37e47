import { connect, type Socket } from 'node:net'
import { createInterface } from 'node:readline'
import { setTimeout as wait } from 'node:timers/promises'
import { asked } from '../../net/inside/tell.ts'

/**
 * Holds connections to echo servers: of each place half are silent and half are downloads. At
 * SIGUSR2 the silent ones say something and the downloads have to get more, and in order. Prints
 * how many of all did, and who did not.
 */

const { places, count } = asked<{ readonly places: readonly string[]; readonly count: number }>()
const within = 20_000

class Talk {
  readonly title: string
  readonly #kind: 'silent' | 'download'
  readonly #socket: Socket
  #lines = 0
  #last = ''
  #broken: string | null = null

  constructor(place: string, kind: 'silent' | 'download') {
    const [address = '', port] = place.split(':')
    this.title = `${kind} to ${place}`
    this.#kind = kind
    this.#socket = connect(Number(port), address)
    this.#socket.on('error', error => this.#break(error.message))
    this.#socket.on('close', () => this.#break('closed'))
    createInterface({ input: this.#socket }).on('line', line => this.#heard(line))
  }

  async begin(): Promise<void> {
    this.#say(this.#kind === 'silent' ? 'hello' : 'stream')
    await this.#until(() => this.#lines > 0)
  }

  /** Null: it goes on. */
  async goesOn(mark: string): Promise<string | null> {
    const before = this.#lines
    if (this.#kind === 'silent') this.#say(mark)
    const isThere = (): boolean =>
      this.#kind === 'silent' ? this.#last.endsWith(` ${mark}`) : this.#lines > before + 2
    await this.#until(isThere)
    if (this.#broken !== null) return this.#broken
    return isThere() ? null : `nothing within ${within / 1000} s`
  }

  #say(line: string): void {
    this.#socket.write(`${line}\n`)
  }

  #heard(line: string): void {
    if (this.#kind === 'download' && line !== String(this.#lines)) {
      this.#break(`${line} came after ${this.#last}`)
    }
    this.#lines += 1
    this.#last = line
  }

  #break(why: string): void {
    this.#broken ??= why
  }

  async #until(isSo: () => boolean): Promise<void> {
    const end = performance.now() + within
    while (!isSo() && this.#broken === null && performance.now() < end) await wait(20)
  }
}

const talks = places.flatMap(place =>
  Array.from({ length: count }, (_, n) => new Talk(place, n % 2 === 0 ? 'silent' : 'download')),
)
await Promise.all(talks.map(talk => talk.begin()))
console.log(`open: ${talks.length}`)

let marks = 0
process.on('SIGUSR2', async () => {
  const mark = `mark${++marks}`
  const found = await Promise.all(
    talks.map(async talk => ({ title: talk.title, why: await talk.goesOn(mark) })),
  )
  const lost = found.flatMap(({ title, why }) => (why === null ? [] : [`${title}: ${why}`]))
  console.log(`${mark}: ${JSON.stringify({ of: talks.length, lost })}`)
})
