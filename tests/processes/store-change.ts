import type { Change } from '../../appliance/store/store.ts'

/** Some tens of kilobytes, and every third time other secrets. */
export function changeNumber(n: number, author = 'anna'): Change {
  const servers = Array.from({ length: 300 }, (_, s) => [`s${s}`, `10.0.${n % 256}.${s % 256}:80`])
  const login = { user: 'diarch', password: `geheim-${author}-${Math.floor(n / 3)}` }
  return {
    document: {
      schemaVersion: 2,
      cluster: {
        checks: { db: { kind: 'mysql', login } },
        services: { web: { servers: Object.fromEntries(servers) } },
      },
    },
    author,
    reason: `change ${n}`,
    time: new Date(1_800_000_000_000 + n * 1000),
    trialUntil: null,
  }
}
