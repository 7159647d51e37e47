import { get } from 'node:http'
import type { TestContext } from 'node:test'
import { applyDelta, type Delta } from '../../appliance/status/delta.ts'

export type StreamEvent = {
  readonly id: string
  readonly event: string
  readonly data: unknown
  /** On the wire, with its lines around the data. */
  readonly bytes: number
  readonly at: number
}

/** One reader of a stream, and the document as it knows it. */
export function readStream(t: TestContext, socketPath: string, path: string) {
  const events: StreamEvent[] = []
  const comments: string[] = []
  let document: unknown = null
  const take = (text: string): void => {
    if (text.startsWith(':')) {
      comments.push(text)
      return
    }
    const fields = Object.fromEntries(
      text.split('\n').map(line => [line.split(': ', 1)[0], line.slice(line.indexOf(': ') + 2)]),
    )
    const { id = '', event = '', data = '' } = fields
    const value: unknown = JSON.parse(data)
    document = event === 'change' ? applyDelta(document, value as Delta) : value
    const bytes = Buffer.byteLength(text) + 2
    events.push({ id, event, data: value, bytes, at: performance.now() })
  }
  const request = get({ socketPath, path }, response => {
    let text = ''
    response.setEncoding('utf8').on('data', part => {
      text += part
      const whole = text.split('\n\n')
      text = whole.pop() ?? ''
      for (const event of whole) take(event)
    })
    response.on('error', () => {})
  })
  request.on('error', () => {})
  t.after(() => request.destroy())
  return { events, comments, document: () => document }
}
