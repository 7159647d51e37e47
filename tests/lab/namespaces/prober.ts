import { type Duration, milliseconds, seconds } from '../../../appliance/values/duration.ts'
import type { Host } from './host.ts'
import type { Program } from './program.ts'
import { proberProgram } from './programs.ts'

export type Gap = {
  /** Comparable with Date.now(). */
  readonly start: number
  readonly length: Duration
}

/** A client that asks an address for an echo all the time, and knows when it did not answer. */
export class Prober {
  readonly #program: Program

  constructor(program: Program) {
    this.#program = program
  }

  gaps(): Gap[] {
    return this.#lines('gap')
  }

  /** When the prober itself did not run: what it measured then is not the address. */
  held(): Gap[] {
    return this.#lines('late')
  }

  #lines(word: string): Gap[] {
    const lines = this.#program.stdout.matchAll(new RegExp(`^${word} ([\\d.]+) (\\d+)$`, 'gm'))
    return [...lines].map(([, start, length]) => ({
      start: Number(start),
      length: milliseconds(Number(length) / 1000),
    }))
  }

  /** Waits until the address has answered again after `since` (Date.now()), and tells the gap. */
  async untilGap(since: number, within: Duration = seconds(30)): Promise<Gap> {
    const known = () => this.gaps().find(gap => gap.start + gap.length > since)
    let from = 0
    while (known() === undefined) {
      const match = await this.#program.until(/^gap .*\n/m, { from, within })
      from += match.index + match[0].length
    }
    return known() as Gap
  }

  async stop(): Promise<void> {
    await this.#program.kill()
  }
}

/** Starts probing, and waits for the first answer. */
export const probe = async (
  host: Host,
  address: string,
  { every = milliseconds(2), gap = milliseconds(6) } = {},
): Promise<Prober> => {
  const micros = (length: Duration): string => String(Math.round(length * 1000))
  const program = await host.start(await proberProgram(), [address, micros(every), micros(gap)])
  await program.until(/^up /m)
  return new Prober(program)
}
