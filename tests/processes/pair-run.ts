import assert from 'node:assert/strict'
import { createServer } from 'node:net'
import type { TestContext } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import type { ChangeRequest } from '../../appliance/api/configuration.ts'
import type { PairStatus } from '../../appliance/status/pair-status.ts'
import { ConfiguredRun, document } from './configuration-run.ts'
import { temporaryFolder, until } from './supervisor-lab.ts'

const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer().on('error', reject)
    server.listen(0, () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' ? (address?.port ?? 0) : 0))
    })
  })

/** A supervisor that can be paired, and started again. */
export class PairBox {
  readonly #t: TestContext
  readonly folder: string
  readonly port: number
  box: ConfiguredRun

  constructor(t: TestContext, folder: string, port: number) {
    this.#t = t
    this.folder = folder
    this.port = port
    this.box = new ConfiguredRun(t, folder, { pairPort: port })
  }

  static async start(t: TestContext): Promise<PairBox> {
    const pair = new PairBox(t, temporaryFolder(), await freePort())
    await pair.box.answers()
    return pair
  }

  async startAgain(): Promise<void> {
    this.box = new ConfiguredRun(this.#t, this.folder, { pairPort: this.port })
    await this.box.answers()
  }

  async kill(): Promise<void> {
    await this.box.kill()
  }

  get address(): string {
    return `127.0.0.1:${this.port}`
  }

  async pair(): Promise<PairStatus & { readonly conflict: { differences: string[] } | null }> {
    return (await this.box.ask('GET', 'pair')).body
  }

  async code(): Promise<string> {
    const { status, body } = await this.box.ask('POST', 'pair/code')
    assert.equal(status, 200, JSON.stringify(body))
    return body.code
  }

  join(host: PairBox, code: string) {
    return this.box.ask('POST', 'pair/join', { peer: host.address, code })
  }

  state(...wanted: readonly PairStatus['state'][]) {
    return until(
      `the pair is ${wanted.join(' or ')}`,
      () => this.pair(),
      ({ state }) => wanted.includes(state),
      40_000,
    )
  }

  weight(expected: unknown): Promise<unknown> {
    return until(
      `its weight is ${expected}`,
      () => this.box.weight(),
      seen => seen === expected,
      40_000,
    )
  }

  change(request: ChangeRequest) {
    return this.box.change(request)
  }

  async events(): Promise<readonly string[]> {
    const { body } = await this.box.ask('GET', 'events')
    return body.events
      .filter(({ about }: { about: string }) => about === 'pair')
      .map(({ event, text }: { event: string; text: string }) => `${event}: ${text}`)
  }
}

/** The first with a service of weight 1, the second with a host name of its own; paired. */
export async function pairedBoxes(t: TestContext): Promise<readonly [PairBox, PairBox]> {
  const [host, joiner] = await twoBoxes(t)
  const { status, body } = await joiner.join(host, await host.code())
  assert.equal(status, 200, JSON.stringify(body))
  await Promise.all([host.state('in-sync'), joiner.state('in-sync')])
  return [host, joiner]
}

export async function twoBoxes(t: TestContext): Promise<readonly [PairBox, PairBox]> {
  const [host, joiner] = await Promise.all([PairBox.start(t), PairBox.start(t)])
  await host.box.apply({ document: document(1) })
  return [host, joiner]
}

/** Sooner than `until` sees it: what follows takes milliseconds. */
export async function moment(what: string, has: () => boolean): Promise<void> {
  const end = performance.now() + 60_000
  while (!has()) {
    assert.ok(performance.now() < end, `not within 60 s: ${what}`)
    await wait(1)
  }
}
