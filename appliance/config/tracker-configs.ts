import type { TrackerConfig } from '../vrrp/tracker-config.ts'
import type { Document, Tracker } from './schema.ts'

export const trackerConfigs = (document: Document): readonly TrackerConfig[] =>
  Object.entries(document.cluster.trackers).map(([name, tracker]) => ({
    name,
    ...trackerConfig(tracker),
  }))

type Distributed<T> = T extends TrackerConfig ? Omit<T, 'name'> : never

const trackerConfig = (tracker: Tracker): Distributed<TrackerConfig> =>
  tracker.kind === 'script' ? { ...tracker, timeout: tracker.timeout ?? tracker.interval } : tracker
