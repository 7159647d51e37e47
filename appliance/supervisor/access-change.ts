import type { ChangeAnswer, ChangeRefusal, ChangeRequest, PatchStep } from '../api/configuration.ts'
import { entryOf } from '../config/entry.ts'
import { newestVersion } from '../config/migrations.ts'
import type { ConfigurationControl } from './configuration-control.ts'

/** One entry of `cluster.users` or `cluster.tokens`, as a change of the configuration. */
export function changeTable(
  configuration: ConfigurationControl,
  author: string,
  table: 'users' | 'tokens',
  name: string,
  entry: object | null,
): Promise<ChangeAnswer | ChangeRefusal> {
  const { document } = configuration.current()
  const reason = `${table.slice(0, -1)} ${name} ${entry === null ? 'removed' : 'set'}`
  return configuration.change({ ...asked(document, table, name, entry), reason }, author)
}

/** A patch adds to what is there, so what is not there yet comes whole. */
function asked(
  document: unknown,
  table: 'users' | 'tokens',
  name: string,
  entry: object | null,
): ChangeRequest {
  if (document === null) {
    return { document: { schemaVersion: newestVersion, cluster: { [table]: { [name]: entry } } } }
  }
  const path = `/cluster/${table}`
  const patch: PatchStep =
    entry === null
      ? { op: 'remove', path: `${path}/${pointer(name)}` }
      : below(below(document, 'cluster'), table) === undefined
        ? { op: 'add', path, value: { [name]: entry } }
        : { op: 'add', path: `${path}/${pointer(name)}`, value: entry }
  return { patch: [patch] }
}

const below = (value: unknown, key: string): unknown =>
  typeof value === 'object' && value !== null
    ? entryOf(value as Readonly<Record<string, unknown>>, key)
    : undefined

/** RFC 6901 3. */
const pointer = (name: string): string => name.replaceAll('~', '~0').replaceAll('/', '~1')
