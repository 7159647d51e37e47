import { get, request } from 'node:http'

export type Reply = { readonly status: number; readonly text: string }

/** The control API of a box, asked as the command line does it. */
export class BoxApi {
  readonly #socketPath: string

  constructor(socketPath: string) {
    this.#socketPath = socketPath
  }

  ask(method: string, path: string, body?: unknown): Promise<Reply> {
    const text = body === undefined ? '' : JSON.stringify(body)
    const headers = { 'Content-Length': Buffer.byteLength(text) }
    // A connection for each, as the command line has it.
    const site = { socketPath: this.#socketPath, agent: false } as const
    return new Promise((resolve, reject) => {
      const asking = request({ ...site, method, path, headers }, response => {
        let said = ''
        response.setEncoding('utf8').on('data', part => {
          said += part
        })
        response.on('end', () => resolve({ status: response.statusCode ?? 0, text: said }))
      })
      asking.on('error', reject)
      asking.end(text)
    })
  }

  /** It has to be good. */
  async must(method: string, path: string, body?: unknown): Promise<string> {
    const { status, text } = await this.ask(method, path, body)
    if (status >= 300) throw new Error(`${method} ${path}: ${status} ${text.slice(0, 500)}`)
    return text
  }

  /** Each event of a stream as its text came over the wire. */
  stream(path: string, hear: (event: string) => void): Promise<() => void> {
    return new Promise((resolve, reject) => {
      const asking = get({ socketPath: this.#socketPath, path }, response => {
        resolve(() => asking.destroy())
        let waiting = ''
        response.setEncoding('utf8').on('data', (part: string) => {
          const events = `${waiting}${part}`.split('\n\n')
          waiting = events.pop() ?? ''
          for (const event of events) if (!event.startsWith(':')) hear(`${event}\n\n`)
        })
        response.on('error', () => {})
      })
      asking.on('error', reject)
    })
  }
}
