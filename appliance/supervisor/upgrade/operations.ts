import type { Readable } from 'node:stream'
import { callerText } from '../../api/caller.ts'
import type { upgradeOperations } from '../../api/upgrade-operations.ts'
import { type Call, json, type PerformersOf } from '../control/operation.ts'
import type { Offer } from './upgrade.ts'

/** The operations on the slot that does not run. */
export const upgradePerformers: PerformersOf<typeof upgradeOperations> = {
  checkUpgrade: async ({ upgrade }, call) => {
    const outcome = await upgrade.check(offerOf(call, call.query.length))
    return 'kind' in outcome ? outcome : json(outcome)
  },
  takeUpgrade: async ({ upgrade }, call) => {
    const outcome = await upgrade.take(offerOf(call, call.headers['content-length']))
    return 'kind' in outcome ? outcome : json(outcome)
  },
  dropUpgrade: async ({ upgrade }, { caller }) =>
    (await upgrade.drop(callerText(caller))) ?? json({ dropped: true }),
}

const offerOf = ({ body, query, caller }: Call<Readable>, length: string | undefined): Offer => ({
  content: body,
  length: /^\d{1,15}$/.test(length ?? '') ? Number(length) : null,
  wishes: { unsigned: query.unsigned === 'yes', older: query.older === 'yes' },
  by: callerText(caller),
})
