import { type Alert, headline } from './alert.ts'

/** RFC 5424 6.2.1, in its order from 0. */
export const facilities = [
  'kern',
  'user',
  'mail',
  'daemon',
  'auth',
  'syslog',
  'lpr',
  'news',
  'uucp',
  'cron',
  'authpriv',
  'ftp',
  'ntp',
  'audit',
  'alert',
  'clock',
  'local0',
  'local1',
  'local2',
  'local3',
  'local4',
  'local5',
  'local6',
  'local7',
] as const
export type Facility = (typeof facilities)[number]

const severities = { begins: 1, 'goes on': 4, ends: 5, happened: 5 } as const

/** One message of RFC 5424, without a frame. */
export function syslogLine(alert: Alert, facility: Facility): string {
  const priority = facilities.indexOf(facility) * 8 + severities[alert.state]
  const host = printable(alert.box, 255)
  const id = printable(alert.subject, 32)
  const words = headline(alert).replaceAll(/\p{Cc}/gu, ' ')
  return `<${priority}>1 ${alert.at} ${host} diarch - ${id} - ${words}`
}

/** Over TCP and TLS the length stands before it: RFC 6587 3.4.1, RFC 5425 4.3. */
export function framed(line: string): Uint8Array {
  const bytes = new TextEncoder().encode(line)
  const length = new TextEncoder().encode(`${bytes.length} `)
  const all = new Uint8Array(length.length + bytes.length)
  all.set(length)
  all.set(bytes, length.length)
  return all
}

const printable = (text: string, most: number): string =>
  text.replaceAll(/[^!-~]/g, '_').slice(0, most) || '-'
