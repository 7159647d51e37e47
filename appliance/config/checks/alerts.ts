import type { MailChannel, SyslogChannel } from '../alert-schema.ts'
import { contradiction, type Problem } from '../finding.ts'
import type { Document } from '../schema.ts'

type Path = readonly (string | number)[]

export const alertProblems = ({ cluster }: Document): readonly Problem[] =>
  Object.entries(cluster.alerts.channels).flatMap(([name, channel]) => {
    const at = ['cluster', 'alerts', 'channels', name]
    if (channel.kind === 'mail') return ofMail(channel, at)
    return channel.kind === 'syslog' ? ofSyslog(channel, at) : []
  })

function ofMail({ security, login }: MailChannel, at: Path): readonly Problem[] {
  if (security !== 'none' || login === undefined) return []
  const expected = 'a "security" of starttls or tls with it: a password is not sent in clear'
  return [contradiction([...at, 'login'], expected)]
}

function ofSyslog({ transport, certificate, secret }: SyslogChannel, at: Path): readonly Problem[] {
  if (certificate === undefined && secret === undefined) return []
  if (secret === undefined) {
    return [contradiction([...at, 'certificate'], 'its key with it, in "secret"')]
  }
  if (certificate === undefined) {
    return [contradiction([...at, 'secret'], 'the "certificate" that it is the key of')]
  }
  if (transport === 'tls') return []
  return [contradiction([...at, 'certificate'], '"transport": "tls" with it')]
}
