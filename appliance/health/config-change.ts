import type { Override, ServiceConfig } from './service-config.ts'

/**
 * Whether the kernel's table is compared as a whole after a change. Where a few of many services
 * have changed and all stay where they are, these few are written instead.
 */
export function isFarReaching(
  before: readonly ServiceConfig[],
  after: readonly ServiceConfig[],
): boolean {
  const changed = changedSince(before, after)
  if (before.length !== after.length || 2 * changed.length >= after.length) return true
  const places = new Map(before.map(({ name, at }) => [name, JSON.stringify(at)]))
  return changed.some(({ name, at }) => places.get(name) !== JSON.stringify(at))
}

/** What is the same object has not changed. */
export function changedSince(
  before: readonly ServiceConfig[],
  after: readonly ServiceConfig[],
): readonly ServiceConfig[] {
  const known = new Set(before)
  return after.filter(config => !known.has(config))
}

type Overrides = ReadonlyMap<string, Override>

/** Services with a server of which an operator says something else now. */
export function overriddenSince(before: Overrides, after: Overrides): ReadonlySet<string> {
  const servers = [...new Set([...before.keys(), ...after.keys()])].filter(
    key => JSON.stringify(before.get(key)) !== JSON.stringify(after.get(key)),
  )
  // A key is `service/server`.
  return new Set(servers.map(key => key.slice(0, key.indexOf('/'))))
}

export const isSameOverrides = (a: Overrides, b: Overrides): boolean =>
  JSON.stringify([...a]) === JSON.stringify([...b])
