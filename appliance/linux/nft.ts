import { spawn } from 'node:child_process'
import { text } from 'node:stream/consumers'
import { KernelError } from './kernel-error.ts'

export type TableReport = 'as-wanted' | 'set' | 'removed' | 'repaired'

/** Keeps one table of nftables as wanted; others' tables are never touched. */
export class NftTable {
  /** With its family: `inet diarch_nat`. */
  readonly #name: string
  /** What to do where nft or the kernel cannot. */
  readonly #advice: string
  #wanted: string | null = null
  /** As nft listed it after it was set; null: not known, or there is none. */
  #listed: string | null = null
  #isSet = false

  constructor(name: string, advice: string) {
    this.#name = name
    this.#advice = advice
  }

  /**
   * On every change, and on a slow tick; one at a time. Established connections go on: what was
   * rewritten once is remembered by connection tracking. Throws KernelError with nft's words.
   */
  async keep(rules: string | null): Promise<TableReport> {
    if (this.#isSet && rules === this.#wanted) {
      if ((await this.#list()) === this.#listed) return 'as-wanted'
      await this.#set(rules)
      return 'repaired'
    }
    return this.#set(rules)
  }

  async #set(rules: string | null): Promise<'as-wanted' | 'set' | 'removed'> {
    this.#isSet = false
    const gone = rules === null && (await this.#list()) === null
    if (!gone) await this.#perform(rules ?? `table ${this.#name}\ndelete table ${this.#name}\n`)
    this.#listed = await this.#list()
    this.#wanted = rules
    this.#isSet = true
    return gone ? 'as-wanted' : rules === null ? 'removed' : 'set'
  }

  /** Of a counter with a name in the table; null: it is not there. */
  async packets(counter: string): Promise<number | null> {
    const { stdout } = await this.#nft(['list', 'counter', ...this.#name.split(' '), counter], '')
    const [, packets] = /packets (\d+)/.exec(stdout) ?? []
    return packets === undefined ? null : Number(packets)
  }

  async #perform(rules: string): Promise<void> {
    const { code, stderr } = await this.#nft(['-f', '-'], rules)
    if (code !== 0) throw this.#refused('nft', 'EINVAL', stderr)
  }

  /** Without what counters have counted. Null: there is no such table. */
  async #list(): Promise<string | null> {
    const words = ['-s', 'list', 'table', ...this.#name.split(' ')]
    const { code, stdout, stderr } = await this.#nft(words, '')
    if (code === 0) return stdout
    if (/No such file or directory/.test(stderr)) return null
    throw this.#refused('nft', 'EINVAL', stderr)
  }

  async #nft(args: readonly string[], input: string): Promise<Ended> {
    try {
      return await nft(args, input)
    } catch (error) {
      const { code = 'EIO', message } = error as NodeJS.ErrnoException
      throw this.#refused('starting nft', code, message)
    }
  }

  #refused(op: string, code: string, words: string): KernelError {
    const reason = words.trim().split('\n')[0] ?? 'refused'
    return new KernelError({
      op,
      target: `table ${this.#name}`,
      code,
      reason,
      advice: this.#advice,
    })
  }
}

type Ended = { readonly code: number | null; readonly stdout: string; readonly stderr: string }

async function nft(args: readonly string[], input: string): Promise<Ended> {
  const child = spawn('nft', args, { stdio: ['pipe', 'pipe', 'pipe'] })
  const { promise: closed, resolve, reject } = Promise.withResolvers<number | null>()
  child.on('error', reject)
  child.on('close', resolve)
  // A program that ends early closes its end: its exit code tells more than EPIPE.
  child.stdin.on('error', () => {})
  child.stdin.end(input)
  const [code, stdout, stderr] = await Promise.all([closed, text(child.stdout), text(child.stderr)])
  return { code, stdout, stderr }
}
