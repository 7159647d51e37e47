import type { Readable } from 'node:stream'
import { callerText } from '../../api/caller.ts'
import type { upgradeOperations } from '../../api/upgrade-operations.ts'
import type { Control } from '../control/control.ts'
import { type Call, json, type PerformersOf } from '../control/operation.ts'
import type { Offer } from './upgrade.ts'

/** The operations on the slot that does not run. */
export const upgradePerformers: PerformersOf<typeof upgradeOperations> = {
  checkUpgrade: async ({ upgrade, gate }, call) => {
    const outcome = await upgrade.check(offerOf(gate, call, call.query.length))
    return 'kind' in outcome ? outcome : json(outcome)
  },
  takeUpgrade: async ({ upgrade, gate }, call) => {
    const outcome = await upgrade.take(offerOf(gate, call, call.headers['content-length']))
    return 'kind' in outcome ? outcome : json(outcome)
  },
  dropUpgrade: async ({ upgrade }, { caller }) =>
    (await upgrade.drop(callerText(caller))) ?? json({ dropped: true }),
}

const offerOf = (
  gate: Control['gate'],
  { body, query, caller }: Call<Readable>,
  length: string | undefined,
): Offer => ({
  content: body,
  length: /^\d{1,15}$/.test(length ?? '') ? Number(length) : null,
  wishes: { unsigned: query.unsigned === 'yes', older: query.older === 'yes' },
  isAtBox: caller.via === 'socket' || gate.isAtConsole(caller),
  by: callerText(caller),
})
