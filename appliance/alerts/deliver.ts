import { once } from 'node:events'
import type { Alert } from '../alerting/alert.ts'
import type { AlertChannel } from '../config/alert-schema.ts'
import { sendMail } from './mail.ts'
import { longestDelivery } from './patience.ts'
import { sendSyslog } from './syslog.ts'
import { sendWebhook } from './webhook.ts'

/** To what this process may not start or open: throws in the words of whoever may. */
export type Hand = (alert: Alert) => Promise<void>

/** Null: somebody has it. Else why not, in the words of whoever said so. */
export async function deliver(
  channel: AlertChannel,
  alert: Alert,
  hand: Hand,
  within = longestFor(channel),
): Promise<string | null> {
  const late = AbortSignal.timeout(within)
  try {
    await Promise.race([send(channel, alert, hand, late), once(late, 'abort')])
    return late.aborted ? tooLate(within) : null
  } catch (error) {
    if (late.aborted) return tooLate(within)
    const words = error instanceof Error ? error.message : String(error)
    return words.replace(adviceOfNode, ' (its authority belongs in "ca")').slice(0, 900)
  }
}

/** A script is ended where it runs, which says so. */
const longestFor = (channel: AlertChannel): number =>
  channel.kind === 'script' ? channel.timeout + 5000 : longestDelivery

const tooLate = (within: number): string => `it was not taken within ${within / 1000} s`

function send(channel: AlertChannel, alert: Alert, hand: Hand, late: AbortSignal): Promise<void> {
  switch (channel.kind) {
    case 'mail':
      return sendMail(channel, alert)
    case 'webhook':
      return sendWebhook(channel, alert, late)
    case 'syslog':
      return sendSyslog(channel, alert)
    case 'script':
    case 'fifo':
      return hand(alert)
  }
}

/** Nobody here starts Node by hand. */
const adviceOfNode = /; if the root CA is installed locally.*$/
