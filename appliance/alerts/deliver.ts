import type { Alert } from '../alerting/alert.ts'
import type { AlertChannel } from '../config/alert-schema.ts'
import { sendMail } from './mail.ts'
import { sendSyslog } from './syslog.ts'
import { sendWebhook } from './webhook.ts'

/** Null: somebody has it. Else why not, in the words of whoever said so. */
export async function deliver(channel: AlertChannel, alert: Alert): Promise<string | null> {
  try {
    switch (channel.kind) {
      case 'mail':
        await sendMail(channel, alert)
        break
      case 'webhook':
        await sendWebhook(channel, alert)
        break
      case 'syslog':
        await sendSyslog(channel, alert)
        break
    }
    return null
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error)
    return words.replace(adviceOfNode, ' (its authority belongs in "ca")').slice(0, 900)
  }
}

/** Nobody here starts Node by hand. */
const adviceOfNode = /; if the root CA is installed locally.*$/
