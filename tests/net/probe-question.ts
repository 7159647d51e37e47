import assert from 'node:assert/strict'
import type { Finding } from '../../appliance/health/check.ts'
import type { Question, Target, TlsWish } from '../../appliance/health/question.ts'
import { ipAddress } from '../../appliance/values/ip-address.ts'
import type { Host } from '../lab/namespaces/host.ts'
import { startInside, told } from './inside-host.ts'

export type Found = Finding & { readonly took: number }

/** An encrypted connection to whoever answers. */
export const anyTls: TlsWish = { serverName: null, verify: null, leastDaysLeft: null }

export const targetAt = (address: string, port: number | null): Target => ({
  address: ipAddress(address),
  port,
  through: null,
  source: null,
  interface: null,
  mark: null,
})

/** Asks from a host, one after the other. */
export async function probe(
  host: Host,
  target: Target,
  questions: readonly Question[],
  within = 10_000,
): Promise<readonly Found[]> {
  const asks = questions.map(question => ({ question, target, within }))
  const program = await startInside(host, 'probe', { asks })
  const { code } = await program.closed
  assert.equal(code, 0, program.output)
  return told<Found>(program)
}

/** `passed: why`, or `denied: why`. */
export const words = (found: Finding): string =>
  `${found.kind === 'passed' ? 'passed' : found.reason}: ${found.why}`

/** Each finding, in order, matches. */
export function assertFound(found: readonly Found[], expected: readonly RegExp[]): void {
  assert.equal(found.length, expected.length)
  for (const [index, pattern] of expected.entries()) assert.match(words(found[index]!), pattern)
}
