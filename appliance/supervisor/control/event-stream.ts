import type { ServerResponse } from 'node:http'
import type { FeedEvent } from './change-feed.ts'

/** A reader that does not keep up is let go; it can come again. */
const mostHeldBytes = 512 * 1024

/** Proxies and readers take silence for an end. */
const heartbeatEvery = 10_000

/** Server-sent events, until the reader goes. */
export function streamEvents(
  response: ServerResponse,
  open: (tell: (event: FeedEvent) => void) => () => void,
): void {
  response.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' })
  /** The first event is the whole document: it may wait as long as it has to. */
  let mostHeld: number | null = null
  const write = (text: string): void => {
    if (mostHeld !== null && response.writableLength > mostHeld) response.destroy()
    else response.write(text)
    mostHeld ??= mostHeldBytes + text.length
  }
  const close = open(({ id, event, data }) => {
    write(`id: ${id}\nevent: ${event}\ndata: ${data}\n\n`)
  })
  const heartbeat = setInterval(() => write(': alive\n\n'), heartbeatEvery)
  response.on('close', () => {
    clearInterval(heartbeat)
    close()
  })
}
