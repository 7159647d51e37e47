import { useEffect, useState } from 'preact/hooks'
import { applyDelta, type Delta } from '../appliance/status/delta.ts'
import { stillLoggedIn } from './api.ts'

/** What is known of a document of the box, and whether it is known *now*. */
export type Streamed<T> = {
  readonly value: T | null
  readonly connection: 'connecting' | 'live' | 'lost'
  /** When the last word came: `Date.now()`. */
  readonly heardAt: number
  /** How often it was lost. */
  readonly losses: number
}

type Options = {
  /** Of the event that brings the whole document. */
  readonly event: string
  /** No word for so long means that the box is not there; null: it may have nothing to say. */
  readonly silenceMs: number | null
  /** The stream begins again whenever this is another number. */
  readonly round?: number
}

const retryMs = 2000

export function useStream<T>(path: string, { event, silenceMs, round = 0 }: Options): Streamed<T> {
  const [streamed, set] = useState<Streamed<T>>({
    value: null,
    connection: 'connecting',
    heardAt: Date.now(),
    losses: 0,
  })
  useEffect(
    () =>
      follow(path, event, silenceMs, change => set(before => ({ ...before, ...change(before) }))),
    [path, event, silenceMs, round],
  )
  return streamed
}

type Change = <T>(before: Streamed<T>) => Partial<Streamed<T>>

/**
 * Ours instead of EventSource's own reconnecting: it gives up for good on an answer like 503. A
 * browser has six connections for a box, so a tab that nobody looks at holds none.
 */
function follow(
  path: string,
  event: string,
  silenceMs: number | null,
  tell: (change: Change) => void,
): () => void {
  let source: EventSource | null = null
  let silence = 0
  let retry = 0
  let lastId = 0
  let ended = false

  const end = (): void => {
    source?.close()
    source = null
    clearTimeout(silence)
    clearTimeout(retry)
  }
  const lost = (): void => {
    end()
    tell(({ losses }) => ({ connection: 'lost', losses: losses + 1 }))
    retry = window.setTimeout(() => void again(), retryMs)
  }
  /** An EventSource does not say that it was refused. */
  const again = async (): Promise<void> => {
    if ((await stillLoggedIn()) && !ended && !document.hidden) connect()
  }
  const listen = (): void => {
    clearTimeout(silence)
    if (silenceMs !== null) silence = window.setTimeout(lost, silenceMs)
  }
  const heard = (message: MessageEvent<string>, update: (value: unknown) => unknown): void => {
    listen()
    lastId = Number(message.lastEventId)
    tell(<T>(before: Streamed<T>) => ({
      value: update(before.value) as T,
      connection: 'live',
      heardAt: Date.now(),
    }))
  }
  const connect = (): void => {
    end()
    source = new EventSource(path)
    listen()
    source.onerror = lost
    source.addEventListener(event, message => heard(message, () => JSON.parse(message.data)))
    source.addEventListener('change', message => {
      // A change that was missed makes all that follow wrong.
      if (Number(message.lastEventId) !== lastId + 1) return lost()
      heard(message, value => applyDelta(value, JSON.parse(message.data) as Delta))
    })
  }
  const looked = (): void => {
    if (document.hidden) end()
    else if (source === null) connect()
  }
  connect()
  document.addEventListener('visibilitychange', looked)
  return () => {
    ended = true
    document.removeEventListener('visibilitychange', looked)
    end()
  }
}
