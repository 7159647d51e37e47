import { spawn } from 'node:child_process'
import { text } from 'node:stream/consumers'
import { natTable, noNatRules } from '../ipvs/nat-rules.ts'
import { KernelError } from './kernel-error.ts'

export type NatReport = 'as-wanted' | 'set' | 'removed' | 'repaired'

/** Keeps our table of nftables as wanted; others' tables are never touched. */
export class NatTable {
  #wanted: string | null = null
  /** As nft listed it after it was set; null: not known, or there is none. */
  #listed: string | null = null
  #isSet = false

  /**
   * On every change, and on a slow tick; one at a time. Established connections go on: what was
   * rewritten once is remembered by connection tracking. Throws KernelError with nft's words.
   */
  async keep(rules: string | null): Promise<NatReport> {
    if (this.#isSet && rules === this.#wanted) {
      if ((await list()) === this.#listed) return 'as-wanted'
      await this.#set(rules)
      return 'repaired'
    }
    return this.#set(rules)
  }

  async #set(rules: string | null): Promise<'as-wanted' | 'set' | 'removed'> {
    this.#isSet = false
    const gone = rules === null && (await list()) === null
    if (!gone) await perform(rules ?? noNatRules)
    this.#listed = await list()
    this.#wanted = rules
    this.#isSet = true
    return gone ? 'as-wanted' : rules === null ? 'removed' : 'set'
  }
}

async function perform(rules: string): Promise<void> {
  const { code, stderr } = await nft(['-f', '-'], rules)
  if (code !== 0) throw refused(stderr)
}

/** Null: there is no such table. */
async function list(): Promise<string | null> {
  const { code, stdout, stderr } = await nft(['list', 'table', ...natTable.split(' ')], '')
  if (code === 0) return stdout
  if (/No such file or directory/.test(stderr)) return null
  throw refused(stderr)
}

const refused = (words: string): KernelError =>
  new KernelError({
    op: 'nft',
    target: `table ${natTable}`,
    code: 'EINVAL',
    reason: words.trim().split('\n')[0] ?? 'refused',
    advice: 'It needs NET_ADMIN and the modules nft_chain_nat and nft_ct.',
  })

type Ended = { readonly code: number | null; readonly stdout: string; readonly stderr: string }

async function nft(args: readonly string[], input: string): Promise<Ended> {
  const child = spawn('nft', args, { stdio: ['pipe', 'pipe', 'pipe'] })
  const { promise: closed, resolve, reject } = Promise.withResolvers<number | null>()
  child.on('error', reject)
  child.on('close', resolve)
  // A program that ends early closes its end: its exit code tells more than EPIPE.
  child.stdin.on('error', () => {})
  child.stdin.end(input)
  try {
    const [code, stdout, stderr] = await Promise.all([
      closed,
      text(child.stdout),
      text(child.stderr),
    ])
    return { code, stdout, stderr }
  } catch (error) {
    const { code = 'EIO', message } = error as NodeJS.ErrnoException
    throw new KernelError({
      op: 'starting nft',
      target: `table ${natTable}`,
      code,
      reason: message,
      advice: 'One-arm NAT needs it: install the package nftables.',
    })
  }
}
