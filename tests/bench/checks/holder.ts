/** Runs on the client: holds connections, and at SIGUSR2 says how many of each kind go on. */
import { connect, type Socket } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import { asked, tell } from '../../net/inside/tell.ts'

type Place = { readonly kind: string; readonly address: string; readonly port: number }

const { places, count } = asked<{ readonly places: readonly Place[]; readonly count: number }>()
/** TCP repeats itself after 0.2, 0.4, 0.8 s, and so on. */
const withinMs = 15_000

class Held {
  readonly #socket: Socket
  #heard = 0
  #isBroken = false

  constructor({ address, port }: Place) {
    this.#socket = connect(port, address)
    this.#socket.on('data', bytes => {
      this.#heard += bytes.length
    })
    this.#socket.on('error', () => undefined)
    this.#socket.on('close', () => {
      this.#isBroken = true
    })
  }

  get port(): number {
    return this.#socket.localPort ?? 0
  }

  /** Whether what is said comes back. */
  async goesOn(): Promise<boolean> {
    const before = this.#heard
    this.#socket.write('.')
    const end = performance.now() + withinMs
    while (this.#heard === before && !this.#isBroken && performance.now() < end) await wait(20)
    return this.#heard > before && !this.#isBroken
  }
}

const held = places.map(place => ({
  kind: place.kind,
  all: Array.from({ length: count }, () => new Held(place)),
}))

const lost = async (all: readonly Held[]): Promise<number> =>
  (await Promise.all(all.map(each => each.goesOn()))).filter(goesOn => !goesOn).length

const lostOfAll = async () =>
  Object.fromEntries(
    await Promise.all(held.map(async ({ kind, all }) => [kind, await lost(all)] as const)),
  )

process.on('SIGUSR2', async () => tell({ of: count, ...(await lostOfAll()) }))

const { direct, nat } = await lostOfAll()
tell({ of: count, direct, nat, ports: held.flatMap(({ all }) => all.map(({ port }) => port)) })
