import { setTimeout as wait } from 'node:timers/promises'
import type { FoundBox } from '../pairing/discovery.ts'
import { joinDocument } from '../setup/document.ts'
import type { Join } from '../setup/setup.ts'
import { toldBefore } from '../setup/told-before.ts'
import type { Status } from '../status/document.ts'
import type { PairStatus } from '../status/pair-status.ts'
import type { RouterStatus } from '../status/router-status.ts'
import type { Answers } from '../terminal/interview.ts'
import { ask, change, current, linesOf, Refused } from './setup-work.ts'

/** A port that has just got an address takes its time, and a switch too. */
const [tries, pauseMs] = [8, 3000]
/** vrrpd has to start, and to listen for a master. */
const [looks, betweenLooksMs] = [40, 500]

export type Joined = {
  /** `versions`: the code is right, and the software another. */
  readonly kind: 'joined' | 'refused' | 'versions'
  readonly lines: readonly string[]
}

/** Gives the box its address, and then all that the first box has. */
export async function joinPair(runDir: string, join: Join, anyVersion = false): Promise<Joined> {
  try {
    const { revision } = await current(runDir)
    const document = joinDocument(join, null)
    const reason = 'its own address, before it joins'
    await change(runDir, { document, parent: revision?.number ?? 0, reason })
    const { state, peer, why } = await joining(runDir, join, anyVersion)
    const name = peer?.name ?? 'the first box'
    const first = `This box is in a pair with ${name}.`
    if (state !== 'in-sync') return { kind: 'joined', lines: [first, why] }
    const routers = (await settledRouters(runDir)).map(({ name, state }) => `${name} is ${state}.`)
    const rest = 'In sync: it has all that the first box has, its users too.'
    return { kind: 'joined', lines: [first, rest, ...routers] }
  } catch (error) {
    const isOther = error instanceof Refused && error.problem.reason === 'versions-differ'
    return { kind: isOther ? 'versions' : 'refused', lines: linesOf(error) }
  }
}

async function joining(
  runDir: string,
  { peer, code, port }: Join,
  anyVersion: boolean,
): Promise<PairStatus> {
  const body = { peer, code, interface: port, anyVersion }
  for (let left = tries; ; left -= 1) {
    try {
      return (await ask(runDir, 'POST', '/api/v1/pair/join', body)) as PairStatus
    } catch (error) {
      const isAway = error instanceof Refused && error.problem.reason === 'no-peer'
      if (!isAway || left === 1) throw error
      await wait(pauseMs)
    }
  }
}

/** When each of them knows what it is, or none does in time. */
async function settledRouters(runDir: string): Promise<readonly RouterStatus[]> {
  for (let left = looks; ; left -= 1) {
    const { routers } = (await ask(runDir, 'GET', '/api/v1/status')) as Status
    if (left === 1 || routers.every(({ state }) => isSettled(state))) return routers
    await wait(betweenLooksMs)
  }
}

const isSettled = (state: RouterStatus['state']): boolean =>
  state === 'BACKUP' || state === 'MASTER' || state === 'FAULT'

/** Of a wizard that did not come to its end; none too when nobody could be asked. */
export async function askToldBefore(runDir: string): Promise<Answers> {
  try {
    return toldBefore((await current(runDir)).document)
  } catch {
    return {}
  }
}

/** Those around this box that show a code; none too when nobody could be asked. */
export async function askFoundBoxes(runDir: string): Promise<readonly FoundBox[]> {
  try {
    const answer = await ask(runDir, 'GET', '/api/v1/pair/discovery')
    return (answer as { readonly boxes: readonly FoundBox[] }).boxes
  } catch {
    return []
  }
}

/** For another box to join this one; null: there is none, and the box is a good one without it. */
export async function showCode(
  runDir: string,
): Promise<{ readonly code: string; readonly leftMs: number } | null> {
  try {
    const shown = await ask(runDir, 'POST', '/api/v1/pair/code')
    const { code, expiresAt } = shown as { readonly code: string; readonly expiresAt: string }
    return { code, leftMs: Date.parse(expiresAt) - Date.now() }
  } catch {
    return null
  }
}
