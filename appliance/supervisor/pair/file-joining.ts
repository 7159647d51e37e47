import { peerText } from '../../pairing/peer-address.ts'
import type { ReadAnswers } from '../../setup/answer-file.ts'
import type { JoinRefusal, JoinWish } from './joining.ts'
import type { Pair } from './pair.ts'

export type FileJoiningSite = {
  readonly pair: Pick<Pair, 'join' | 'isJoining'> & {
    readonly process: Pick<Pair['process'], 'need' | 'discover'>
  }
  /** Where a first box listens whose address somebody has written down. */
  readonly pairPort: number
  /** Somebody has set the box up in another way. */
  readonly isOver: () => boolean
  /** For the console: what is waited for. */
  readonly tell: (words: string) => void
  /** Between two tries. */
  readonly pause: () => Promise<void>
}

type Asked = Extract<ReadAnswers, { kind: 'join' }>

/** A second try with a wrong code costs one of five, and after the other reasons leads nowhere. */
const passing: readonly JoinRefusal['reason'][] = ['no-peer', 'no-code']

/**
 * The answer file of a second box: it may be up long before the first one is, so it asks until that
 * one lets it in. Null: it is in a pair, or somebody has set it up in another way.
 */
export async function joinByFile(asked: Asked, site: FileJoiningSite): Promise<JoinRefusal | null> {
  const { pair, isOver, tell, pause } = site
  const done = pair.process.need()
  try {
    for (; !isOver(); await pause()) {
      if (pair.isJoining) continue
      const at = await firstBox(asked, site)
      if (typeof at === 'string') {
        tell(`This box looks for the first box: ${at}`)
        continue
      }
      const { code, port } = asked
      const refusal = await pair.join({
        ...at,
        code,
        anyVersion: false,
        interfaces: { named: {}, all: port },
      })
      if (refusal === null) return null
      if (!passing.includes(refusal.reason)) return refusal
      tell(`This box waits for the first one at ${at.address}: ${refusal.title}`)
    }
    return null
  } finally {
    done()
  }
}

type At = Pick<JoinWish, 'address' | 'port'>

/** Where it is, or why nobody knows. */
async function firstBox(
  { peer }: Asked,
  { pair, pairPort }: FileJoiningSite,
): Promise<At | string> {
  if (peer !== null) return { address: peer, port: pairPort }
  const boxes = (await pair.process.discover()) ?? []
  const [only, other] = boxes
  const address = only?.addresses[0]
  if (only === undefined || address === undefined) {
    return 'none on its networks shows a pairing code so far'
  }
  if (other === undefined) return { address, port: only.port }
  const names = boxes.map(
    ({ name, addresses: [at = ''], port }) => `${name} at ${peerText(at, port)}`,
  )
  return `several show a pairing code: ${names.join(', ')}. Its file has to say "peer"`
}
