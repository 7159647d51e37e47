import type { Path } from '../../appliance/config/path.ts'

export type { Path } from '../../appliance/config/path.ts'

export type Table = Readonly<Record<string, unknown>>

export const isTable = (value: unknown): value is Table =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

export const tableOf = (value: unknown): Table => (isTable(value) ? value : {})

/** As the box writes it: `cluster.services.shop.servers["10.0.0.1:80"]`. */
export const pathText = (path: Path): string =>
  path
    .map((step, index) => {
      if (typeof step === 'number') return `[${step}]`
      if (!/^[A-Za-z0-9_$-]+$/.test(step)) return `[${JSON.stringify(step)}]`
      return index === 0 ? step : `.${step}`
    })
    .join('')

/** The other way round. */
export function parsePath(text: string): Path {
  const steps = text.matchAll(/([A-Za-z0-9_$-]+)|\[(?:(\d+)|("(?:[^"\\]|\\.)*"))\]/g)
  return [...steps].map(([, word, index, quoted]) => {
    if (index !== undefined) return Number(index)
    return word ?? String(JSON.parse(quoted ?? '""'))
  })
}

export function valueAt(value: unknown, path: Path): unknown {
  let found = value
  for (const step of path) {
    if (typeof found !== 'object' || found === null || !Object.hasOwn(found, step)) return undefined
    found = (found as Record<string | number, unknown>)[step]
  }
  return found
}

/** A new table with that entry; without it where the value is undefined. */
export function withEntry(table: Table, key: string, value: unknown): Table {
  if (value !== undefined) return { ...table, [key]: value }
  return Object.fromEntries(Object.entries(table).filter(([name]) => name !== key))
}

/** The entry keeps its place. */
export const renamed = (table: Table, from: string, to: string): Table =>
  Object.fromEntries(Object.entries(table).map(([key, each]) => [key === from ? to : key, each]))

/** Through tables only; those on the way that are missing are made. */
export function withValueAt(value: unknown, path: readonly string[], next: unknown): unknown {
  const [key, ...rest] = path
  if (key === undefined) return next
  const table = tableOf(value)
  return withEntry(table, key, withValueAt(table[key], rest, next))
}

/** What names of new things begin with is counted on. */
export function freeName(table: Table, stem: string): string {
  let number = 1
  while (Object.hasOwn(table, `${stem}${number}`)) number += 1
  return `${stem}${number}`
}
