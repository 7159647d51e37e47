import { useEffect, useState } from 'preact/hooks'
import type { PublicStatus } from '../appliance/status/public-status.ts'

/** What is known of the box, and whether it is known *now*: an old state must never look fresh. */
export type Live = {
  readonly status: PublicStatus | null
  /** When the last word came: `performance.now()` for ages, `Date.now()` for people. */
  readonly heardAt: number
  readonly heardAtClock: number
  readonly connection: 'connecting' | 'live' | 'lost'
}

/** The box speaks every five seconds; two words missed mean that it is not there. */
const silenceLimitMs = 12_000
const retryMs = 2_000

export function useLive(): Live {
  const [live, setLive] = useState<Live>({
    status: null,
    heardAt: performance.now(),
    heardAtClock: Date.now(),
    connection: 'connecting',
  })
  useEffect(() => follow(change => setLive(before => ({ ...before, ...change }))), [])
  return live
}

/** Ours instead of EventSource's own reconnecting: it gives up for good on an answer like 503. */
function follow(tell: (change: Partial<Live>) => void): () => void {
  let source: EventSource | null = null
  let silence = 0
  let retry = 0

  const lost = () => {
    source?.close()
    clearTimeout(silence)
    clearTimeout(retry)
    tell({ connection: 'lost' })
    retry = window.setTimeout(connect, retryMs)
  }
  const listen = () => {
    clearTimeout(silence)
    silence = window.setTimeout(lost, silenceLimitMs)
  }
  const connect = () => {
    source = new EventSource('/api/v1/public/stream')
    listen()
    source.onerror = lost
    source.onmessage = event => {
      listen()
      tell({
        status: JSON.parse(event.data) as PublicStatus,
        heardAt: performance.now(),
        heardAtClock: Date.now(),
        connection: 'live',
      })
    }
  }
  connect()
  return () => {
    source?.close()
    clearTimeout(silence)
    clearTimeout(retry)
  }
}

/** Renders its user again each second, and at once when a sleeping tab is looked at again. */
export function useNow(): number {
  const [now, setNow] = useState(performance.now())
  useEffect(() => {
    const tick = () => setNow(performance.now())
    const timer = setInterval(tick, 1000)
    document.addEventListener('visibilitychange', tick)
    return () => {
      clearInterval(timer)
      document.removeEventListener('visibilitychange', tick)
    }
  }, [])
  return now
}
