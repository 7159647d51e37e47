import type * as z from 'zod'
import type { pairOperations } from '../../api/pair-operations.ts'
import { changeText, difference } from '../../config/difference.ts'
import { splitSecrets } from '../../config/secrets.ts'
import { codeText, parseCode } from '../../pairing/code.ts'
import { peerAt } from '../../pairing/peer-address.ts'
import type { Control } from '../control/control.ts'
import { type Answer, json, type PerformersOf } from '../control/operation.ts'
import { problem, type Refusal } from '../control/problem.ts'

/** The operations on the two boxes as a pair. */
export const pairPerformers: PerformersOf<typeof pairOperations> = {
  showPair: control => json(shownPair(control)),
  showPairingCode: async control => {
    const refusal = fromFile(control)
    if (refusal !== null) return refusal
    const shown = await control.pair.showCode()
    if (shown !== null) return json({ code: codeText(shown.code), expiresAt: shown.expiresAt })
    return notRunning()
  },
  discoverPairs: async ({ pair }) => {
    const boxes = await pair.process.discover()
    return boxes === null ? notRunning() : json({ boxes })
  },
  endPairingCode: control => {
    control.pair.endCode()
    return json({ ended: true })
  },
  joinPair: (control, { body }) => join(control, body),
  resolvePair: (control, { body }) => {
    const { pair } = control
    if (pair.status.state !== 'conflict') {
      const title = 'The two boxes are in no conflict'
      return problem(409, 'no-conflict', title, pair.status.why)
    }
    pair.sharing.resolve(body.keep)
    return json(pair.status)
  },
  renewPairKeys: async ({ pair }, { body: { both = false } }) => {
    if (!pair.isPaired) return notPaired('Nobody knows its key: who joins sees the one of now.')
    const why = pair.whyNoNewKey
    if (why !== null) {
      const title = 'The key can be changed when both boxes are in sync'
      return problem(409, 'not-in-sync', title, `${why}.`)
    }
    await pair.keys.renew(both)
    return json(pair.status)
  },
  leavePair: ({ pair }) => {
    if (!pair.isPaired) return notPaired('There is nobody to leave.')
    pair.leave()
    return json(pair.status)
  },
}

const notPaired = (detail: string): Refusal =>
  problem(409, 'not-paired', 'This box is paired with nobody', detail)

const notRunning = (): Refusal => {
  const detail = '"diarch log pair" may say why.'
  return problem(503, 'pair-not-running', 'The process "pair" does not start', detail)
}

async function join(
  control: Control,
  body: z.output<typeof pairOperations.joinPair.body>,
): Promise<Answer> {
  const { pair } = control
  const refusal = fromFile(control)
  if (refusal !== null) return refusal
  const at = peerAt(body.peer)
  const code = parseCode(body.code)
  if (at === null || code === null) {
    const detail = 'Expected one such as 192.0.2.10, 192.0.2.10:4343 or [2001:db8::1]:4343.'
    return problem(400, 'bad-request', `"${body.peer}" is no address of a box`, detail)
  }
  if (pair.isLinked || pair.isJoining) {
    const { peer } = pair.status
    const title = `This box is paired with ${peer?.name ?? 'another one, or about to be'}`
    return problem(409, 'already-paired', title, '"diarch pair leave" ends that.')
  }
  const interfaces = { named: body.interfaces ?? {}, all: body.interface ?? null }
  const { anyVersion = false } = body
  const refused = await pair.join({ ...at, code, anyVersion, interfaces })
  if (refused === null) return json(pair.status)
  return problem(409, refused.reason, refused.title, refused.detail)
}

function fromFile({ configuration }: Control): Refusal | null {
  const { source } = configuration.current()
  if (source === 'store') return null
  const title = 'The configuration is read from a file'
  const detail = `A pair changes it on both boxes: start without --config ${source}.`
  return problem(409, 'configuration-in-file', title, detail)
}

function shownPair({ pair, configuration }: Control) {
  const theirs = pair.status.state === 'conflict' ? pair.sharing.theirCopy : null
  const { author = 'nobody', reason = '' } = configuration.current().revision ?? {}
  const shown = (cluster: unknown): unknown => splitSecrets({ cluster }).public
  return {
    ...pair.status,
    conflict: theirs && {
      ours: { author, reason },
      theirs: { author: theirs.author, reason: theirs.reason },
      differences: difference(shown(pair.sharing.ours), shown(theirs.cluster)).map(changeText),
    },
  }
}
