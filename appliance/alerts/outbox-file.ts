import { readFileSync } from 'node:fs'
import type { Alert } from '../alerting/alert.ts'
import { emptyLine, type Outbox } from '../alerting/outbox.ts'
import { type Instant, instant } from '../values/duration.ts'
import { writeKept } from './kept-file.ts'

/**
 * What waits survives a restart and a power cut. The clock of instants begins anew with each boot,
 * so the file has times of day.
 */
export class OutboxFile {
  readonly #path: string

  constructor(path: string) {
    this.#path = path
  }

  /** A file that is not there or damaged is an empty one: what was in it was old news. */
  read(now: Instant): Outbox {
    try {
      const lines = JSON.parse(readFileSync(this.#path, 'utf8')) as Kept
      return new Map(
        Object.entries(lines).map(([name, { lost, waiting }]) => {
          const back = waiting.map(({ alert, since }) => {
            return { alert, since: instant(now - Math.max(0, Date.now() - since)) }
          })
          return [name, { ...emptyLine(now), lost, waiting: back }]
        }),
      )
    } catch {
      return new Map()
    }
  }

  write(outbox: Outbox, now: Instant): void {
    const kept: Kept = Object.fromEntries(
      [...outbox].map(([name, { waiting, lost }]) => {
        const written = waiting.map(({ alert, since }) => {
          return { alert, since: Math.round(Date.now() - (now - since)) }
        })
        return [name, { lost, waiting: written }]
      }),
    )
    writeKept(this.#path, kept)
  }
}

type Kept = Readonly<
  Record<
    string,
    {
      readonly lost: number
      readonly waiting: readonly { readonly alert: Alert; readonly since: number }[]
    }
  >
>
