/**
 * The supervisor's own standard output, which may be a slow serial line or a pipe that nobody
 * reads. Lines that do not fit are counted and left out: what it holds for later stays bounded.
 */

const mostHeldBytes = 64 * 1024
/** Per source: a child that floods must not drown the others. */
const linesPerSecond = 50

type Budget = { second: number; spent: number; leftOut: number }

export class Output {
  readonly #budgets = new Map<string, Budget>()

  constructor() {
    // Whoever read it has gone (EPIPE): the work goes on without a listener.
    process.stdout.on('error', () => {})
  }

  line(source: string, text: string): void {
    const second = Math.floor(performance.now() / 1000)
    const budget = this.#budgets.get(source) ?? { second, spent: 0, leftOut: 0 }
    this.#budgets.set(source, budget)
    if (budget.second !== second) {
      if (budget.leftOut > 0) this.#write(`${source}: (${budget.leftOut} lines left out)\n`)
      Object.assign(budget, { second, spent: 0, leftOut: 0 })
    }
    budget.spent += 1
    if (budget.spent > linesPerSecond || process.stdout.writableLength > mostHeldBytes) {
      budget.leftOut += 1
      return
    }
    this.#write(`${source}: ${text}\n`)
  }

  #write(text: string): void {
    if (process.stdout.writable) process.stdout.write(text)
  }
}
