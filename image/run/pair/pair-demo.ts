/** `./build.sh demo`: two boxes, two servers and a client, for as long as somebody watches. */

import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, rmSync } from 'node:fs'
import { createServer, type Server } from 'node:net'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { askWeb } from '../web.ts'
import { answer } from './answer.ts'
import type { Second } from './asking.ts'
import { type DemoBox, starting } from './demo-box.ts'
import { clock, isEventful, Roll, secondText } from './lines.ts'
import type { Network } from './network.ts'
import { type Page, pairText } from './pair-text.ts'
import { place } from './place.ts'
import { user } from './setup.ts'
import { listen } from './talk.ts'
import type { WebServer } from './web-server.ts'

const client = join(import.meta.dirname, 'client.ts')

export type Stage = {
  readonly network: Network
  readonly boxes: readonly [DemoBox, DemoBox]
  readonly servers: readonly WebServer[]
  readonly password: string
  /** What is about to start, and how long that takes. */
  readonly title: string
  /** Of the client, in ms: between two requests, and between two answers that is worth a word. */
  readonly pace: { readonly interval: number; readonly gap: number }
  /** Whether servers can be stopped for others to do their work. */
  readonly hasServers: boolean
  readonly isLight: boolean
  /** Where a box has its page. */
  readonly webPort: number
  /** Has the boxes set up; they are on. */
  readonly setUp: () => Promise<void>
  readonly patience: number
}

export class PairDemo {
  readonly #stage: Stage
  readonly #folder: string
  readonly #port: number
  readonly #roll: Roll
  readonly #followers = new Set<(text: string) => void>()
  readonly #began = performance.now()
  #talk: Server | null = null
  #client: ChildProcess | null = null
  #roles: string[] = [starting, starting]
  #last: Second | null = null
  #isServing = false
  #isOver = false

  constructor(stage: Stage, folder: string, port: number) {
    this.#stage = stage
    this.#folder = folder
    this.#port = port
    const { stdout } = process
    this.#roll = new Roll(text => void stdout.write(text), stdout.isTTY === true)
  }

  /** Until somebody ends it. */
  async run(): Promise<void> {
    const over = new Promise<void>(end => {
      for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, end)
      this.#end = end
    })
    try {
      await Promise.race([this.#show().then(() => over), over])
    } finally {
      this.#isOver = true
      await this.#close()
    }
  }

  #end: () => void = () => {}

  async #show(): Promise<void> {
    const { boxes, servers, setUp, network } = this.#stage
    mkdirSync(this.#folder, { recursive: true })
    this.#talk = await listen(socketIn(this.#folder), caller =>
      answer(caller, {
        parts: { boxes, servers },
        hasServers: this.#stage.hasServers,
        follow: tell => this.#follow(tell),
        status: () => this.#status(),
        happened: text => this.#event(text),
        stop: () => this.#end(),
      }),
    )
    await network.machine('client', `${place.client}/24`)
    for (const server of servers) server.start()
    this.#startClient()
    await this.#relays()
    this.#event('power on')
    await Promise.all(boxes.map(box => box.powerOn()))
    void this.#watchRoles()
    await setUp()
    await this.#untilPair()
    if (this.#isOver) return
    this.#event('the pair serves')
    await this.#describe()
    this.#isServing = true
  }

  /** Both have found their roles, and the client has an answer from every server in use. */
  async #untilPair(): Promise<void> {
    const end = performance.now() + this.#stage.patience
    const isThere = () =>
      this.#roles.includes('MASTER') &&
      this.#roles.includes('BACKUP') &&
      Object.keys(this.#last?.answers ?? {}).length >= (this.#stage.hasServers ? 2 : 1)
    while (!isThere()) {
      if (this.#isOver) return
      if (performance.now() > end) {
        const seconds = this.#stage.patience / 1000
        const words = this.#stage.boxes.map(box => `${box.name}:\n${box.lastWords().trim()}`)
        throw new Error(`no pair that serves after ${seconds} s.\n${words.join('\n')}`)
      }
      await wait(200)
    }
  }

  async #describe(): Promise<void> {
    const { boxes, password, hasServers, isLight } = this.#stage
    const pages: Page[] = []
    for (const [index] of boxes.entries()) {
      const port = this.#port + index
      const fingerprint = await this.#fingerprintAt(port)
      if (fingerprint === null) return
      const name = `Box ${index + 1}`
      pages.push({ name, url: `https://127.0.0.1:${port}/`, fingerprint })
    }
    const service = `http://127.0.0.1:${this.#port + 2}/`
    const login = { user, password }
    process.stdout.write(pairText({ pages, login, service, hasServers, isLight }))
  }

  /** Of a page that may be slow as long as its box has much to do. Null: the demo ends. */
  async #fingerprintAt(port: number): Promise<string | null> {
    const end = performance.now() + this.#stage.patience
    while (!this.#isOver) {
      try {
        return (await askWeb(port, '/health')).fingerprint
      } catch (error) {
        if (performance.now() > end) {
          const seconds = this.#stage.patience / 1000
          const words = `https://127.0.0.1:${port}/ did not answer for ${seconds} s`
          throw new Error(words, { cause: error })
        }
        await wait(200)
      }
    }
    return null
  }

  #startClient(): void {
    const { network, pace } = this.#stage
    const words = [process.execPath, client, place.virtual, `${pace.interval}`, `${pace.gap}`]
    const child = network.start('client', words, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
    child.on('message', seen => this.#second(seen as Second))
    this.#client = child
  }

  /** Ports of this machine, from which the client leads into the network of the demo. */
  async #relays(): Promise<void> {
    const pages = place.boxes.map(host => ({ host, port: this.#stage.webPort }))
    for (const [index, relay] of [...pages, { host: place.virtual, port: 80 }].entries()) {
      const server = createServer().listen(this.#port + index, '127.0.0.1')
      await once(server, 'listening')
      await new Promise<void>((settle, reject) => {
        this.#client?.send(relay, server, error => (error ? reject(error) : settle()))
      })
      // The client has it; what is accepted here would lead nowhere.
      server.close()
    }
  }

  async #watchRoles(): Promise<void> {
    const { boxes } = this.#stage
    while (!this.#isOver) {
      for (const [index, box] of boxes.entries()) {
        const role = await box.role().catch((error: Error) => error.message)
        if (role === this.#roles[index] || this.#isOver) continue
        this.#roles[index] = role
        this.#event(`box ${index + 1}: ${role}`)
      }
      await wait(100)
    }
  }

  #second(seen: Second): void {
    const before = this.#last
    this.#last = seen
    if (!this.#isServing) return
    const text = `${clock(new Date())}  ${secondText(seen)}`
    if (isEventful(seen, before)) this.#roll.stay(text)
    else this.#roll.passing(text)
    for (const tell of this.#followers) tell(text)
  }

  #event(what: string): void {
    const text = this.#isServing
      ? `${clock(new Date())}  ${what}`
      : `${((performance.now() - this.#began) / 1000).toFixed(0).padStart(4)} s  ${what}`
    this.#roll.stay(text)
    for (const tell of this.#followers) tell(text)
  }

  #follow(tell: (text: string) => void): () => void {
    this.#followers.add(tell)
    return () => void this.#followers.delete(tell)
  }

  #status(): string {
    const roles = this.#roles.map((role, index) => `box ${index + 1}   ${role}`)
    const pages = place.boxes.map((_, index) => `https://127.0.0.1:${this.#port + index}/`)
    const lines = roles.map((text, index) => `${text.padEnd(20)} ${pages[index]}`)
    return [...lines, `client  ${this.#last ? secondText(this.#last) : ''}`].join('\n')
  }

  async #close(): Promise<void> {
    const { boxes, servers, network } = this.#stage
    this.#roll.stay('The demo ends.')
    this.#client?.disconnect()
    for (const box of boxes) await box.powerOff().catch(() => {})
    for (const server of servers) await server.stop()
    await network.close()
    if (existsSync(this.#folder)) rmSync(this.#folder, { recursive: true })
    this.#talk?.close()
  }
}

export const socketIn = (folder: string): string => join(folder, 'control.sock')
