import type { CheckTracker, TrackerConfig } from '../vrrp/tracker-config.ts'
import { checkConfig } from './check-config.ts'
import type { Document, Tracker } from './schema.ts'
import { asksFromHere, markOf, portOf, wholeCheck } from './whole-check.ts'

export const trackerConfigs = (document: Document): readonly TrackerConfig[] =>
  Object.entries(document.cluster.trackers).map(([name, tracker]) => ({
    name,
    ...trackerConfig(document, tracker),
  }))

type Distributed<T> = T extends TrackerConfig ? Omit<T, 'name'> : never

function trackerConfig(document: Document, tracker: Tracker): Distributed<TrackerConfig> {
  switch (tracker.kind) {
    case 'script':
      return { ...tracker, timeout: tracker.timeout ?? tracker.interval }
    case 'check':
      return checkTracker(document, tracker)
    default:
      return tracker
  }
}

type Written = Extract<Tracker, { readonly kind: 'check' }>

function checkTracker(document: Document, { check: name, address, port }: Written): CheckTracker {
  const check = wholeCheck(document, name)
  if (check === undefined) throw new TypeError(`there is no check ${name}`)
  const own = 'port' in check ? check.port : undefined
  const from = asksFromHere(check) ? check : null
  return {
    kind: 'check',
    check: checkConfig(name, check),
    target: {
      address,
      port: portOf(check) === 'none' ? null : (port ?? own ?? null),
      through: null,
      source: from?.source ?? null,
      interface: from?.interface ?? null,
      mark: markOf(check) ?? null,
    },
  }
}
