import { useEffect, useState } from 'preact/hooks'
import { applyDelta, type Delta } from '../appliance/status/delta.ts'

/** What is known of a document of the box, and whether it is known *now*. */
export type Streamed<T> = {
  readonly value: T | null
  readonly connection: 'connecting' | 'live' | 'lost'
  /** When the last word came: `Date.now()`. */
  readonly heardAt: number
}

/** The box tells its figures every ten seconds; two of them missed mean that it is not there. */
const silenceMs = 25_000
const retryMs = 2000

/** `event`: the name of the event that brings the whole document. */
export function useStream<T>(path: string, event: string): Streamed<T> {
  const [streamed, set] = useState<Streamed<T>>({
    value: null,
    connection: 'connecting',
    heardAt: Date.now(),
  })
  useEffect(
    () => follow(path, event, change => set(before => ({ ...before, ...change(before) }))),
    [path, event],
  )
  return streamed
}

type Change = <T>(before: Streamed<T>) => Partial<Streamed<T>>

/** Ours instead of EventSource's own reconnecting: it gives up for good on an answer like 503. */
function follow(path: string, event: string, tell: (change: Change) => void): () => void {
  let source: EventSource | null = null
  let silence = 0
  let retry = 0
  let lastId = 0

  const end = (): void => {
    source?.close()
    clearTimeout(silence)
    clearTimeout(retry)
  }
  const lost = (): void => {
    end()
    tell(() => ({ connection: 'lost' }))
    retry = window.setTimeout(connect, retryMs)
  }
  const heard = (message: MessageEvent<string>, update: (value: unknown) => unknown): void => {
    clearTimeout(silence)
    silence = window.setTimeout(lost, silenceMs)
    lastId = Number(message.lastEventId)
    tell(<T>(before: Streamed<T>) => ({
      value: update(before.value) as T,
      connection: 'live',
      heardAt: Date.now(),
    }))
  }
  const connect = (): void => {
    source = new EventSource(path)
    silence = window.setTimeout(lost, silenceMs)
    source.onerror = lost
    source.addEventListener(event, message => heard(message, () => JSON.parse(message.data)))
    source.addEventListener('change', message => {
      // A change that was missed makes all that follow wrong.
      if (Number(message.lastEventId) !== lastId + 1) return lost()
      heard(message, value => applyDelta(value, JSON.parse(message.data) as Delta))
    })
  }
  connect()
  return end
}
