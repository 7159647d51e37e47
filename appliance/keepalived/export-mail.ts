import type { AlertChannel } from '../config/alert-schema.ts'
import type { Document } from '../config/schema.ts'
import type { Lacks } from './export-finding.ts'
import { block, flagLine, type Line } from './export-text.ts'

/** keepalived writes to one server, in clear; the first channel like that is what it gets. */
export function mailLines({ cluster: { alerts } }: Document, lacks: Lacks): readonly Line[] {
  const channels = Object.entries(alerts.channels)
  const [name, mail] = channels.find(([, channel]) => isPlainMail(channel)) ?? [null, null]
  const others = channels.filter(([other]) => other !== name)
  const text = 'keepalived has one server for mail, without encryption and login'
  return [
    ...(mail?.kind === 'mail' ? linesOf(mail) : []),
    ...others.map(([other]) => lacks.say(['cluster', 'alerts', 'channels', other], text)),
  ]
}

const isPlainMail = (channel: AlertChannel): boolean =>
  channel.kind === 'mail' && channel.security === 'none' && channel.login === undefined

function linesOf(mail: Extract<AlertChannel, { kind: 'mail' }>): readonly Line[] {
  const { server, port = 25, from, to, topics } = mail
  return [
    ...block('notification_email', to),
    `notification_email_from ${from}`,
    `smtp_server ${server}${port === 25 ? '' : ` ${port}`}`,
    ...flagLine('smtp_alert true', topics.includes('roles')),
    ...flagLine('no_checker_emails', !topics.includes('servers')),
  ]
}
