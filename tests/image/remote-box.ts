import assert from 'node:assert/strict'
import { setTimeout as wait } from 'node:timers/promises'
import { type Duration, seconds } from '../../appliance/values/duration.ts'
import type { Host } from '../lab/namespaces/host.ts'

export type RemoteAnswer = {
  readonly status: number
  // biome-ignore lint/suspicious/noExplicitAny: whatever it answers is looked at.
  readonly body: any
}

/** The API of a box as somebody on the network has it: HTTPS, and logged in as admin. */
export class RemoteBox {
  readonly #client: Host
  readonly address: string
  #csrf = ''
  /** Not null: of a program, which is good also after a start of the box. */
  token: string | null = null

  constructor(client: Host, address: string) {
    this.#client = client
    this.address = address
  }

  /** Again after each start of the box. */
  async logIn(password: string): Promise<void> {
    const { status, body } = await this.ask('POST', 'session', { user: 'admin', password })
    assert.equal(status, 200, JSON.stringify(body))
    this.#csrf = (await this.must('GET', 'session')).csrf
  }

  async ask(method: string, path: string, body?: unknown): Promise<RemoteAnswer> {
    const origin = `https://${this.address}`
    const jar = `/run/cookies-${this.address}`
    const sent = body === undefined ? [] : ['--data-binary', JSON.stringify(body)]
    const headers = [
      'Content-Type: application/json',
      `Origin: ${origin}`,
      ...(this.#csrf === '' ? [] : [`X-CSRF-Token: ${this.#csrf}`]),
      ...(this.token === null ? [] : [`Authorization: Bearer ${this.token}`]),
    ].flatMap(header => ['-H', header])
    const text = await this.#client.must('curl', [
      ...['-ksS', '--max-time', '60', '-b', jar, '-c', jar, '-X', method, ...headers, ...sent],
      ...['-w', '\n%{http_code}', `${origin}/api/v1/${path}`],
    ])
    const end = text.lastIndexOf('\n')
    return { status: Number(text.slice(end + 1)), body: JSON.parse(text.slice(0, end) || 'null') }
  }

  async must(method: string, path: string, body?: unknown): Promise<RemoteAnswer['body']> {
    const answer = await this.ask(method, path, body)
    assert.equal(answer.status, 200, JSON.stringify(answer.body))
    return answer.body
  }

  /** Looks until it is as wanted; a box that does not answer is asked again. */
  async until(
    path: string,
    // biome-ignore lint/suspicious/noExplicitAny: whatever it answers is looked at.
    fits: (body: any) => boolean,
    within: Duration = seconds(120),
  ): Promise<RemoteAnswer['body']> {
    for (const end = performance.now() + within; ; ) {
      const seen = await this.ask('GET', path).catch((error: Error) => error)
      if (!(seen instanceof Error) && seen.status === 200 && fits(seen.body)) return seen.body
      const last = seen instanceof Error ? seen.message : JSON.stringify(seen)
      assert.ok(performance.now() < end, `${this.address}, ${path}: not ${fits}, but ${last}`)
      await wait(50)
    }
  }
}
