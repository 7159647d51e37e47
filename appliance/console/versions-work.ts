import { setTimeout as wait } from 'node:timers/promises'
import type { PeerUpgrade } from '../api/upgrade-operations.ts'
import type { Join } from '../setup/setup.ts'
import type { Status } from '../status/document.ts'
import { ask, linesOf, Refused } from './setup-work.ts'
import type { OtherSoftware } from './versions-question.ts'

/** Whoever takes it has read which of the two is the older one. */
const path = '/api/v1/upgrade/peer'
const wishes = 'older=yes'

const lookEveryMs = 1000

/** What the first box runs, after it has let this one in by its code, and not by its version. */
export async function otherSoftware(
  runDir: string,
  join: Join,
  refusal: readonly string[],
): Promise<OtherSoftware> {
  try {
    const offered = (await ask(runDir, 'POST', `${path}/check?${wishes}`)) as PeerUpgrade
    return { join, lines: refusal.slice(1), offered }
  } catch (error) {
    return { join, lines: [...refusal.slice(1), ...linesOf(error)], offered: null }
  }
}

export type TakenSoftware = {
  readonly kind: 'taken' | 'refused'
  readonly lines: readonly string[]
}

/** Into the other slot, and then a restart into it. */
export async function takeSoftware(runDir: string): Promise<TakenSoftware> {
  try {
    await ask(runDir, 'POST', `${path}?${wishes}`)
    const version = await whole(runDir)
    await ask(runDir, 'POST', '/api/v1/power', { action: 'restart' })
    const first = `Version ${version} is in the other slot: the box restarts into it now.`
    const then = 'Then press Enter here once more: only the code is asked for anew.'
    return { kind: 'taken', lines: [first, then] }
  } catch (error) {
    return { kind: 'refused', lines: linesOf(error) }
  }
}

/** Throws what the box says when it did not get there. */
async function whole(runDir: string): Promise<string> {
  for (;;) {
    const { slot } = (await ask(runDir, 'GET', '/api/v1/status')) as Status
    const { state, version, why } = slot?.upgrade ?? { state: 'failed', version: '', why: 'ended' }
    if (state === 'ready') return version
    if (state === 'failed') throw new Refused({ title: `Version ${version}: ${why}` })
    await wait(lookEveryMs)
  }
}
