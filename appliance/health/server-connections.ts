import { destinationKey, type SeenService } from '../ipvs/service.ts'

/** Of a destination, in all places of a service together; null: it still gets new ones. */
export const connectionsIn = (services: readonly SeenService[]) => {
  const counts = new Map<string, number | null>()
  for (const { at, settings, active, inactive } of services.flatMap(each => each.destinations)) {
    const key = destinationKey(at)
    const before = counts.get(key) ?? (counts.has(key) ? null : 0)
    counts.set(key, before === null || settings.weight > 0 ? null : before + active + inactive)
  }
  return (key: string): number | null => (counts.has(key) ? (counts.get(key) ?? null) : 0)
}
