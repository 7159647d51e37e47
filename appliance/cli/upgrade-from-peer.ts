import { setTimeout as wait } from 'node:timers/promises'
import type { PeerUpgrade } from '../api/upgrade-operations.ts'
import type { Status, UpgradeStatus } from '../status/document.ts'
import { ask } from './control-client.ts'
import { Failure } from './exit-code.ts'

const path = '/api/v1/upgrade/peer'

const lookEveryMs = 500

/** Shows both versions, and what is written as it comes; until it is whole. */
export async function takeFromPeer(
  folder: string,
  query: URLSearchParams,
  about: (offered: PeerUpgrade) => readonly string[],
  onProgress: (bytes: number, all: number) => void,
): Promise<UpgradeStatus> {
  const offered = (await ask(folder, 'POST', `${path}/check?${query}`)) as PeerUpgrade
  for (const line of about(offered)) console.log(line)
  const begun = (await ask(folder, 'POST', `${path}?${query}`)) as UpgradeStatus
  for (let now: UpgradeStatus | null = begun; ; now = await upgradeOf(folder)) {
    if (now === null) throw new Failure('somebody has taken it back')
    if (now.state === 'ready') return now
    if (now.state === 'failed') throw new Failure(`version ${now.version}: ${now.why}`)
    onProgress(now.state === 'writing' ? now.bytes : now.of, now.of)
    await wait(lookEveryMs)
  }
}

const upgradeOf = async (folder: string): Promise<UpgradeStatus | null> =>
  ((await ask(folder, 'GET', '/api/v1/status')) as Status).slot?.upgrade ?? null
