import { directorAlarms } from '../status/alarms.ts'
import { absentSince, lastingFailure } from '../supervision/lasting-failure.ts'
import type { Instant } from '../values/duration.ts'
import { monotonic } from './children/children.ts'
import type { Seen, StatusView } from './status-view.ts'
import type { DirectorTrouble } from './virtual-routers.ts'

type Parts = Pick<Seen, 'alarms' | 'children' | 'services' | 'virtual'>

/** Whether this box can serve what its routers' addresses stand for. */
export class DirectorWatch {
  readonly #parts: Parts
  readonly #view: StatusView
  #absentSince: Instant | null = null

  constructor(parts: Parts, view: StatusView) {
    this.#parts = parts
    this.#view = view
  }

  look(): void {
    const { services, alarms, virtual } = this.#parts
    alarms.set('director', directorAlarms(services.director))
    virtual.onDirector(this.#trouble())
  }

  /** Null: it can. */
  #trouble(): DirectorTrouble | null {
    const { services, children } = this.#parts
    if (!services.hasWork) return null
    const { missing } = services.director
    if (missing !== null) return { since: this.#view.booted, why: missing }
    const state = children.roster.children.get('director')?.state
    if (state === undefined) return null
    const now = monotonic()
    this.#absentSince = absentSince(this.#absentSince, state, now)
    const lasting = lastingFailure(state, this.#absentSince, now)
    if (lasting === null) return null
    return { since: this.#view.iso(state.record.failingSince), why: `the director ${lasting}` }
  }
}
