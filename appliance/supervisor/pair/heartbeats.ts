import { randomBytes } from 'node:crypto'
import { pathToPeer } from '../../linux/path-to-peer.ts'
import { heartbeatSteps } from '../../pairing/pair-heartbeats.ts'
import type { Configuration } from '../configuration/configuration.ts'
import { itself } from '../configuration/words.ts'

/**
 * Two boxes that have just become a pair hear each other beside VRRP without anybody writing that
 * down. `before`: where the box was whose place the new one takes. Gives why not, or null.
 */
export async function makeHeartbeats(
  configuration: Configuration,
  address: string,
  before: string | null,
): Promise<string | null> {
  try {
    const path = pathToPeer(address)
    const document = configuration.withSecrets()
    const secret = randomBytes(32).toString('hex')
    const patch = heartbeatSteps({ document, path, before, secret })
    if (patch.length === 0) return null
    const reason = 'the new pair has heartbeats beside VRRP'
    const outcome = await configuration.change({ patch, reason }, itself)
    return 'kind' in outcome ? outcome.kind : null
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}
