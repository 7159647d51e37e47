import { request } from 'node:http'
import { join } from 'node:path'
import type { Problem } from '../../api/problem.ts'
import { type ControlMethod, requestWith } from '../../linux/control-request.ts'
import { Refused } from '../setup-work.ts'
import type { Person } from './facts.ts'

/**
 * Somebody who has logged in at this terminal, for the supervisor: like a browser with its cookie,
 * so that roles, limits and records are the same. See docs/adr/0023-console-login.md.
 */
export class ConsoleSession {
  readonly #socket: string
  readonly #headers: Readonly<Record<string, string>>
  #proof: Readonly<Record<string, string>> = {}

  /** `terminal`: its name in the records, as `tty1`. */
  constructor(runDir: string, terminal: string) {
    this.#socket = join(runDir, 'console.sock')
    this.#headers = { Host: 'console', 'X-Diarch-Client': `console ${terminal}` }
  }

  async logIn(user: string, password: string): Promise<Person> {
    this.#proof = {}
    const value = await this.ask('POST', '/api/v1/session', { user, password })
    return value as Person
  }

  async logOut(): Promise<void> {
    await this.ask('DELETE', '/api/v1/session')
    this.#proof = {}
  }

  /** Rejects with `Refused` in the supervisor's words. */
  async ask(method: ControlMethod, path: string, body?: unknown): Promise<unknown> {
    const headers = { ...this.#headers, ...this.#proof }
    const answer = await requestWith(this.#socket, method, path, headers, body)
    if (answer.status >= 300) throw new Refused((answer.value ?? {}) as Partial<Problem>)
    const [cookie] = answer.cookies
    const { csrf } = (answer.value ?? {}) as { readonly csrf?: unknown }
    if (cookie !== undefined && typeof csrf === 'string') {
      this.#proof = { Cookie: cookie.split(';')[0] ?? '', 'X-CSRF-Token': csrf }
    }
    return answer.value
  }

  /** Ends when the shell does. It may take hours, so no time limit; when we end, it ends too. */
  shell(terminal: string): Promise<void> {
    const text = JSON.stringify({ terminal })
    const headers = {
      ...this.#headers,
      ...this.#proof,
      'Content-Type': 'application/json',
      'Content-Length': Buffer.byteLength(text),
    }
    const options = { socketPath: this.#socket, method: 'POST', path: '/api/v1/console/shell' }
    return new Promise((resolve, reject) => {
      const asking = request({ ...options, headers }, response => {
        let said = ''
        response.setEncoding('utf8').on('data', part => {
          said = (said + part).slice(-2000)
          if (response.statusCode === 200 && said.includes('event: ended')) asking.destroy()
        })
        response.on('error', () => resolve())
        response.on('close', () => {
          if (response.statusCode === 200) resolve()
          else reject(new Refused(JSON.parse(said) as Partial<Problem>))
        })
      })
      asking.on('error', reject)
      asking.end(text)
    })
  }
}
