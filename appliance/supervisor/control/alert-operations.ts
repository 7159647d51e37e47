import type { alertOperations } from '../../api/alert-operations.ts'
import { json, type PerformersOf } from './operation.ts'
import { problem } from './problem.ts'

export const alertPerformers: PerformersOf<typeof alertOperations> = {
  tryAlertChannel: async (control, { names: [channel = ''] }) => {
    const known = control.status().alerts.map(({ name }) => name)
    if (!known.includes(channel)) {
      const detail = `cluster.alerts.channels has ${known.join(', ') || 'none'}.`
      return problem(404, 'no-such-channel', `There is no channel "${channel}"`, detail)
    }
    const failed = await control.tryAlertChannel(channel)
    if (failed === null) return json({ channel, taken: true })
    return problem(503, 'channel-failed', `The test over "${channel}" was not taken`, failed)
  },
}
