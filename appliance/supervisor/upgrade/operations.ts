import type { Readable } from 'node:stream'
import { callerText } from '../../api/caller.ts'
import type { upgradeOperations } from '../../api/upgrade-operations.ts'
import type { UpgradeStatus } from '../../status/document.ts'
import type { Control } from '../control/control.ts'
import { type Call, json, type PerformersOf } from '../control/operation.ts'
import { problem, type Refusal } from '../control/problem.ts'
import type { OfferedImage } from '../pair/image.ts'
import { ByteSource } from './byte-source.ts'
import type { Offer } from './upgrade.ts'

/** The operations on the slot that does not run. */
export const upgradePerformers: PerformersOf<typeof upgradeOperations> = {
  checkUpgrade: async ({ upgrade, gate }, call) => {
    const outcome = await upgrade.check(fileOffer(gate, call, call.query.length))
    return 'kind' in outcome ? outcome : json(outcome)
  },
  takeUpgrade: async ({ upgrade, gate }, call) => {
    const outcome = await upgrade.take(fileOffer(gate, call, call.headers['content-length']))
    return 'kind' in outcome ? outcome : json(outcome)
  },
  checkPeerUpgrade: async ({ upgrade, gate, pair, status }, call) => {
    const image = upgrade.refusal ?? (await pair.image.open())
    if (image.kind === 'problem') return image
    const outcome = await upgrade
      .check(peerOffer(gate, call, image))
      .catch(() => lost(image))
      .finally(image.end)
    if ('kind' in outcome) return outcome
    return json({ ...outcome, from: image.from.name, runs: status().version })
  },
  takePeerUpgrade: async ({ upgrade, gate, pair }, call) => {
    const image = upgrade.refusal ?? (await pair.image.open())
    if (image.kind === 'problem') return image
    const offer = peerOffer(gate, call, image)
    const outcome = await new Promise<UpgradeStatus | Refusal>(resolve => {
      const onBegun = (): void => resolve(upgrade.status ?? lost(image))
      upgrade
        .take(offer, onBegun)
        .catch(() => lost(image))
        .then(resolve)
        .finally(image.end)
    })
    return 'kind' in outcome ? outcome : json(outcome, 202)
  },
  dropUpgrade: async ({ upgrade }, { caller }) =>
    (await upgrade.drop(callerText(caller))) ?? json({ dropped: true }),
}

type Gate = Control['gate']

const fileOffer = (gate: Gate, call: Call<Readable>, length: string | undefined): Offer => ({
  content: new ByteSource(call.body),
  length: /^\d{1,15}$/.test(length ?? '') ? Number(length) : null,
  peer: null,
  ...wishesOf(gate, call),
})

const peerOffer = (gate: Gate, call: Call, { content, bytes, from }: OfferedImage): Offer => ({
  content,
  length: bytes,
  peer: from.name,
  ...wishesOf(gate, call),
})

const wishesOf = (gate: Gate, { query, caller }: Call) => ({
  wishes: { unsigned: query.unsigned === 'yes', older: query.older === 'yes' },
  isAtBox: caller.via === 'socket' || gate.isAtConsole(caller),
  by: callerText(caller),
})

const lost = ({ from }: OfferedImage): Refusal => {
  const title = `The connection to ${from.name} was lost`
  return problem(409, 'no-peer', title, 'Nothing was written. Ask again.')
}
