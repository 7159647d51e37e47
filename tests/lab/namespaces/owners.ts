import type { Host } from './host.ts'
import type { Program } from './program.ts'

type Change = { readonly at: number; readonly has: boolean }

/** When the kernels of two boxes had the address, as each of them has told it. */
export class Owners {
  readonly #monitors: readonly Program[]
  readonly #before: readonly boolean[]
  readonly #address: string
  readonly #since = Date.now()

  private constructor(monitors: readonly Program[], before: readonly boolean[], address: string) {
    this.#monitors = monitors
    this.#before = before
    this.#address = address
  }

  static async watch(hosts: readonly Host[], address: string): Promise<Owners> {
    const monitors = []
    for (const host of hosts) {
      monitors.push(await host.start('ip', ['-ts', '-o', 'monitor', 'address']))
    }
    const before = await Promise.all(
      hosts.map(async host =>
        (await host.addresses('eth0')).some(a => a.startsWith(`${address}/`)),
      ),
    )
    return new Owners(monitors, before, address)
  }

  /** The longest time, in milliseconds, in which so many boxes had it. */
  longest(count: number, from = this.#since, to = Date.now()): number {
    const perBox = this.#monitors.map(({ stdout }) => changesIn(stdout, this.#address))
    const moments = [...new Set([from, to, ...perBox.flat().map(({ at }) => at)])]
      .filter(at => at >= from && at <= to)
      .sort((a, b) => a - b)
    let [longest, began] = [0, null as number | null]
    for (const [index, at] of moments.entries()) {
      const owners = perBox.filter((changes, box) => hasAt(changes, at, this.#before[box] ?? false))
      const fits = owners.length === count && index < moments.length - 1
      if (fits) began ??= at
      if (!fits && began !== null) {
        longest = Math.max(longest, at - began)
        began = null
      }
    }
    return longest
  }

  /** When that box, 0 or 1, had it first since then; null: it has not. */
  firstAt(box: 0 | 1, since: number): number | null {
    const changes = changesIn(this.#monitors[box]?.stdout ?? '', this.#address)
    return changes.find(({ at, has }) => has && at >= since)?.at ?? null
  }

  async stop(): Promise<void> {
    for (const monitor of this.#monitors) await monitor.kill()
  }
}

const hasAt = (changes: readonly Change[], at: number, before: boolean): boolean =>
  changes.findLast(change => change.at <= at)?.has ?? before

/** A lease that is renewed is told again, and changes nothing. */
function changesIn(output: string, address: string): readonly Change[] {
  return output.split('\n').flatMap((line): Change[] => {
    const [, time] = /^\[([\d\-T:.]+)\]/.exec(line) ?? []
    if (time === undefined || !line.includes(` ${address}/`)) return []
    return [{ at: new Date(time).getTime(), has: !line.includes('Deleted') }]
  })
}
