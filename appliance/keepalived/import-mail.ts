/** Mail: keepalived's globals become one channel of `cluster.alerts`. */

import type { Handler, Json, Site, Table } from './import-site.ts'
import { each, ignored, whole, wordOf } from './import-words.ts'

type Here = { readonly site: Site }

const path = 'cluster.alerts.channels.mail'

const isOff = (word: string): boolean => /^(off|false|no)$/i.test(word)

const told = 'told over cluster.alerts, with what is wrong with the box: "topics" says what'

/** Of a router, a group, a service or a server: here the channel says what it is told. */
export const smtpAlert =
  <T extends { readonly site: Site }>(): Handler<T> =>
  (entry, { site }) => {
    if (site.mail.to.length === 0) {
      if (isOff(wordOf(entry))) site.notes.ignored(entry, 'no mail is sent')
      else site.notes.unsupported(entry, 'there is no notification_email in global_defs')
      return undefined
    }
    const text = isOff(wordOf(entry))
      ? 'what is told is the same for all: "topics" of the channel says what'
      : told
    site.notes.translated(entry, text, path)
    return undefined
  }

export const mailTable: Table<Here> = {
  notification_email: (entry, { site }) => {
    for (const line of entry.block ?? []) {
      site.mail.to.push(line.keyword, ...line.words)
      site.notes.applied(line, `${path}.to`)
    }
    site.mail.to.push(...entry.words)
    if (site.mail.to.length > 0) site.notes.translated(entry, told, path)
    else site.notes.ignored(entry, 'it names nobody')
    return undefined
  },
  notification_email_from: (entry, { site }) => {
    site.mail.from = wordOf(entry)
    const text = 'the same on both boxes: each mail says which of them it is from'
    site.notes.translated(entry, text, `${path}.from`)
    return undefined
  },
  smtp_server: (entry, { site }) => {
    site.mail.server = wordOf(entry)
    if (entry.words.length > 1) site.mail.port = whole(site, entry, wordOf(entry, 1), 1, 65_535)
    return `${path}.server`
  },
  no_checker_emails: (entry, { site }) => {
    site.mail.aboutServers = false
    site.notes.translated(entry, '"topics" of the channel leave them out', `${path}.topics`)
    return undefined
  },
  ...each('smtp_alert smtp_alert_vrrp smtp_alert_checker', smtpAlert<Here>()),
  ...each('smtp_helo_name smtp_connect_timeout', ignored('Diarch has its own for all servers')),
  no_email_faults: ignored('the state FAULT is told as all others are'),
}

/** Null: nobody is to be told. */
export function mailChannel({ mail }: Site): Json | null {
  if (mail.to.length === 0) return null
  const about = mail.aboutServers ? ['services', 'servers'] : []
  return {
    kind: 'mail',
    server: mail.server ?? '127.0.0.1',
    ...(mail.port !== null && mail.port !== 25 && { port: mail.port }),
    security: 'none',
    from: mail.from ?? 'keepalived@localhost',
    to: mail.to,
    topics: ['alarms', 'roles', ...about],
  }
}
