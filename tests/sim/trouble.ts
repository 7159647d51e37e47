/** What keeps two boxes from hearing each other as they should: as long as one lasts, and since. */
export class Trouble {
  #lasting = 0
  #endedAt = 0

  begin(): void {
    this.#lasting += 1
  }

  /** What is still under way may arrive until `over`. */
  end(over: number): void {
    this.#lasting -= 1
    this.#endedAt = Math.max(this.#endedAt, over)
  }

  /** Infinity: not quiet at all. */
  quietSince(): number {
    return this.#lasting > 0 ? Infinity : this.#endedAt
  }
}
