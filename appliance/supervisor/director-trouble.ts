import { failingFrom } from '../status/alarms.ts'
import type { Roster } from '../supervision/roster.ts'
import type { Services } from './services.ts'
import type { StatusView } from './status-view.ts'
import type { DirectorTrouble } from './virtual-routers.ts'

/** Why this box cannot serve what its routers' addresses stand for; null: it can. */
export function directorTrouble(
  services: Services,
  roster: Roster,
  view: StatusView,
): DirectorTrouble | null {
  if (!services.hasWork) return null
  const { missing } = services.director
  if (missing !== null) return { since: view.booted, why: missing }
  const record = roster.children.get('director')?.state.record
  if (record === undefined || record.failures < failingFrom) return null
  const why = `the director cannot be kept running: it ${record.lastFailure}`
  return { since: view.iso(record.failingSince), why }
}
