import type { ChannelStatus } from '../../alerting/alert-messages.ts'
import type { alertOperations } from '../../api/alert-operations.ts'
import { readAlertLog } from '../alert-log.ts'
import { type Answer, json, type PerformersOf } from './operation.ts'
import { problem } from './problem.ts'

export const alertPerformers: PerformersOf<typeof alertOperations> = {
  tryAlertChannel: async (control, { names: [channel = ''] }) => {
    const { alerts } = control.status()
    if (!alerts.some(({ name }) => name === channel)) return unknown(channel, '', alerts)
    const failed = await control.tryAlertChannel(channel)
    if (failed === null) return json({ channel, taken: true })
    return problem(503, 'channel-failed', `The test over "${channel}" was not taken`, failed)
  },
  showAlertLog: async (control, { names: [channel = ''] }) => {
    const { alerts, storage } = control.status()
    const files = alerts.filter(({ kind }) => kind === 'file')
    if (!files.some(({ name }) => name === channel)) return unknown(channel, 'file ', files)
    return json({ channel, lines: await readAlertLog(storage.path, channel) })
  },
}

function unknown(channel: string, kind: string, known: readonly ChannelStatus[]): Answer {
  const names = known.map(({ name }) => name).join(', ') || 'none'
  const detail = `cluster.alerts.channels has ${names}.`
  return problem(404, 'no-such-channel', `There is no ${kind}channel "${channel}"`, detail)
}
