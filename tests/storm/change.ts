import assert from 'node:assert/strict'
import { type Duration, milliseconds } from '../../appliance/values/duration.ts'
import type { StormBox, StormPair } from './boxes.ts'

/** By then the change is written, or on its way to the other box. */
export const underWay: Duration = milliseconds(300)

/** So high that it changes nothing else. */
let limit = 100_000

/** A change of the configuration that is on its way while something happens to the boxes. */
export class Change {
  readonly #limit = ++limit
  readonly #answer: Promise<boolean>

  constructor(at: StormBox) {
    const path = '/cluster/services/web/servers/server1'
    const value = { address: '192.0.2.21', port: 80, mostConnections: this.#limit }
    const patch = [{ op: 'replace', path, value }]
    // A box that was switched off answers nobody.
    this.#answer = at.remote
      .ask('POST', 'configuration/changes', { patch, reason: `limit ${this.#limit}` })
      .then(({ status }) => status === 200)
      .catch(() => false)
  }

  /** Of a pair that is well again: both boxes have the same, and what was acknowledged is there. */
  async settled({ boxes }: StormPair): Promise<'acknowledged' | 'taken' | 'not taken'> {
    const isAcknowledged = await this.#answer
    const [one, two] = await Promise.all(
      boxes.map(async ({ remote }) => (await remote.must('GET', 'configuration')).document.cluster),
    )
    assert.deepEqual(one, two, 'both boxes have the same configuration')
    const { servers } = one.services.web
    const isThere = servers.server1.mostConnections === this.#limit
    if (isAcknowledged)
      assert.ok(isThere, `what was acknowledged is gone: ${JSON.stringify(servers)}`)
    if (isAcknowledged) return 'acknowledged'
    return isThere ? 'taken' : 'not taken'
  }
}
