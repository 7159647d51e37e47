import { hook } from './import-command.ts'
import { smtpAlert } from './import-mail.ts'
import type { Handler, Json, Site, Table } from './import-site.ts'
import { each, unsupported, yes } from './import-words.ts'

/** `of`: whose scripts they are. */
type Told = { readonly site: Site; readonly of: Json }

const on =
  (state: string | null): Handler<Told> =>
  (entry, { site, of }) => {
    const path = `cluster.notify.hooks[${site.hooks.length}]`
    const found = hook(site, entry, path)
    if (found === null) return undefined
    site.hooks.push({ ...of, ...(state !== null && { on: state }), ...found })
    return path
  }

export const notify: Table<Told> = {
  notify_master: on('MASTER'),
  notify_backup: on('BACKUP'),
  notify_fault: on('FAULT'),
  notify_stop: on('STOP'),
  notify: on(null),
  ...each(
    'notify_deleted notify_master_rx_lower_pri',
    unsupported('hooks are told of MASTER, BACKUP, FAULT and STOP only'),
  ),
  notify_priority_changes: (entry, { site }) => {
    const value = yes(site, entry)
    if (value === true) {
      site.notify.priorityChanges = true
      const text = 'here it is for all virtual routers'
      site.notes.translated(entry, text, 'cluster.notify.priorityChanges')
    }
    return 'cluster.notify.priorityChanges'
  },
  smtp_alert: smtpAlert(),
}
