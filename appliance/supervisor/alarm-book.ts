import type { AlarmText } from '../boot/alarm-text.ts'
import type { Alarm } from '../status/document.ts'

/** Since when each alarm stands: parts that look again and again say only that it still does. */
export class AlarmBook {
  readonly #parts = new Map<string, readonly Alarm[]>()

  /** What one part of the supervisor has to complain about now; an empty list takes all back. */
  set(part: string, texts: readonly AlarmText[]): void {
    const before = this.#parts.get(part) ?? []
    const now = new Date().toISOString()
    this.#parts.set(
      part,
      texts.map(({ reason, message }) => {
        const same = before.find(alarm => alarm.reason === reason && alarm.message === message)
        return same ?? { reason, message, since: now }
      }),
    )
  }

  all(): readonly Alarm[] {
    return [...this.#parts.values()].flat()
  }
}
