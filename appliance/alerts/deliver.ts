import { once } from 'node:events'
import type { Alert } from '../alerting/alert.ts'
import type { AlertChannel } from '../config/alert-schema.ts'
import { sendMail } from './mail.ts'
import { longestDelivery } from './patience.ts'
import { sendSyslog } from './syslog.ts'
import { sendWebhook } from './webhook.ts'

/** To what is no server: a program, a FIFO, a file. Throws in the words of whoever cannot. */
export type Hand = (alert: Alert) => Promise<void>

/** Taken by some, and `why` says by whom not: sent again they would have it twice. */
export type Delivery = { readonly taken: boolean; readonly why: string | null }

export async function deliver(
  channel: AlertChannel,
  alert: Alert,
  hand: Hand,
  within = longestFor(channel),
): Promise<Delivery> {
  const late = AbortSignal.timeout(within)
  try {
    const why = await Promise.race([send(channel, alert, hand, late), once(late, 'abort')])
    if (late.aborted) return tooLate(within)
    return { taken: true, why: typeof why === 'string' ? why.slice(0, longestWords) : null }
  } catch (error) {
    if (late.aborted) return tooLate(within)
    const words = error instanceof Error ? error.message : String(error)
    return { taken: false, why: words.slice(0, longestWords) }
  }
}

/** As the supervisor takes them. */
const longestWords = 900

/** A script is ended where it runs, which says so. */
const longestFor = (channel: AlertChannel): number =>
  channel.kind === 'script' ? channel.timeout + 5000 : longestDelivery

const tooLate = (within: number): Delivery => {
  return { taken: false, why: `it was not taken within ${within / 1000} s` }
}

/** A text: some have it, and who has not. */
async function send(
  channel: AlertChannel,
  alert: Alert,
  hand: Hand,
  late: AbortSignal,
): Promise<string | null> {
  switch (channel.kind) {
    case 'mail':
      return await sendMail(channel, alert)
    case 'webhook':
      await sendWebhook(channel, alert, late)
      break
    case 'syslog':
      await sendSyslog(channel, alert)
      break
    case 'file':
    case 'script':
    case 'fifo':
      await hand(alert)
  }
  return null
}
