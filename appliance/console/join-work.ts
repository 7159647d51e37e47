import { setTimeout as wait } from 'node:timers/promises'
import { newestVersion } from '../config/migrations.ts'
import { networkOf } from '../setup/document.ts'
import type { Join } from '../setup/setup.ts'
import type { PairStatus } from '../status/pair-status.ts'
import { ask, change, current, linesOf, Refused } from './setup-work.ts'

/** A port that has just got an address takes its time, and a switch too. */
const [tries, pauseMs] = [8, 3000]

export type Joined = {
  readonly kind: 'joined' | 'refused'
  readonly lines: readonly string[]
}

/** Gives the box its address, and then all that the first box has. */
export async function joinPair(runDir: string, join: Join): Promise<Joined> {
  try {
    const { revision } = await current(runDir)
    const node = { network: networkOf(join) }
    const document = { schemaVersion: newestVersion, cluster: {}, node }
    const reason = 'its own address, before it joins'
    await change(runDir, { document, parent: revision?.number ?? 0, reason })
    const { state, peer, why } = await joining(runDir, join)
    const name = peer?.name ?? 'the first box'
    const rest = state === 'in-sync' ? 'It has all that the first box has, its users too.' : why
    return { kind: 'joined', lines: [`This box is in a pair with ${name}.`, rest] }
  } catch (error) {
    return { kind: 'refused', lines: linesOf(error) }
  }
}

async function joining(runDir: string, { peer, code }: Join): Promise<PairStatus> {
  for (let left = tries; ; left -= 1) {
    try {
      return (await ask(runDir, 'POST', '/api/v1/pair/join', { peer, code })) as PairStatus
    } catch (error) {
      const isAway = error instanceof Refused && error.problem.reason === 'no-peer'
      if (!isAway || left === 1) throw error
      await wait(pauseMs)
    }
  }
}
