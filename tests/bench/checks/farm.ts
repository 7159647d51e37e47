import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { compile } from '../../lab/compile.ts'
import type { Host } from '../../lab/namespaces/host.ts'
import type { Program } from '../../lab/namespaces/program.ts'

export const farmProgram = (): Promise<string> => compile(join(import.meta.dirname, 'farm.c'))

const countsFile = '/run/farm'

/** Real servers: one program that answers on all addresses of a host, and counts. */
export class Farm {
  readonly host: Host
  readonly #port: number
  #program: Program | null = null

  constructor(host: Host, port: number) {
    this.host = host
    this.#port = port
  }

  async start(): Promise<void> {
    this.#program = await this.host.start(await farmProgram(), [String(this.#port), countsFile])
    await this.#program.until(/listening/)
  }

  kill(): void {
    this.#program?.signal('SIGKILL')
  }

  /** Connections so far: to one address, given by its last 16 bits, or to all. */
  connections(address: number | null = null): number {
    const bytes = readFileSync(this.host.path(countsFile))
    if (address !== null) return bytes.readUInt32LE(4 * address)
    let sum = 0
    for (let at = 0; at < bytes.length; at += 4) sum += bytes.readUInt32LE(at)
    return sum
  }
}
