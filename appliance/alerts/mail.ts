import { createTransport } from 'nodemailer'
import { type Alert, headline } from '../alerting/alert.ts'
import { type MailRefusal, mailTrouble, partlyRefused } from '../alerting/mail-trouble.ts'
import type { MailChannel } from '../config/alert-schema.ts'
import { asPem } from '../values/pem.ts'
import { patience } from './patience.ts'

const usualPort = { starttls: 587, tls: 465, none: 25 } as const

/** Null: all have it. A text: some have, and who has not. Throws when nobody has. */
export async function sendMail(channel: MailChannel, alert: Alert): Promise<string | null> {
  const { server, security, login, verify, ca } = channel
  const port = channel.port ?? usualPort[security]
  const transport = createTransport({
    host: server,
    port,
    secure: security === 'tls',
    requireTLS: security === 'starttls',
    ignoreTLS: security === 'none',
    connectionTimeout: patience,
    greetingTimeout: patience,
    socketTimeout: patience,
    tls: { rejectUnauthorized: verify, ...(ca === null ? {} : { ca: asPem(ca) }) },
    // Else a server that offers no login gets the mail without one.
    ...(login === undefined
      ? {}
      : { auth: { user: login.user, pass: login.password }, forceAuth: true }),
  })
  try {
    const { rejectedErrors = [] } = await transport.sendMail({
      from: channel.from,
      to: [...channel.to],
      subject: headline(alert),
      // The same again when it is sent twice: mail programs show it once.
      messageId: `<${alert.id}@diarch.invalid>`,
      date: new Date(alert.at),
      headers: { 'Auto-Submitted': 'auto-generated' },
      text: mailText(alert),
    })
    return rejectedErrors.length === 0 ? null : partlyRefused(rejectedErrors, server)
  } catch (error) {
    throw new Error(mailTrouble(error as MailRefusal, { ...channel, port }))
  } finally {
    transport.close()
  }
}

function mailText(alert: Alert): string {
  const about = `Box    ${alert.box}\nTime   ${alert.at}\nWhat   ${alert.subject} (${alert.state})`
  return `${alert.lines.join('\n')}\n\n${about}\n\n"diarch status" and "diarch events" say more.\n`
}
