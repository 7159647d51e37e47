/** Cleans up as a test's context does, for the labs, which expect one. */
export class Scope {
  readonly #cleaners: (() => Promise<void>)[] = []

  after(clean: () => Promise<void>): void {
    this.#cleaners.push(clean)
  }

  async close(): Promise<void> {
    for (const clean of this.#cleaners.splice(0)) await clean()
  }

  static async with<T>(work: (scope: Scope) => Promise<T>): Promise<T> {
    const scope = new Scope()
    try {
      return await work(scope)
    } finally {
      await scope.close()
    }
  }
}
