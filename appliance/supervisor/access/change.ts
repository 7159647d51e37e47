import type {
  ChangeAnswer,
  ChangeRefusal,
  ChangeRequest,
  PatchStep,
} from '../../api/configuration.ts'
import { newestVersion } from '../../config/migrations.ts'
import { valueAt } from '../../config/path.ts'
import type { Author, ConfigurationControl } from '../configuration/control.ts'

/** One entry of `cluster.users` or `cluster.tokens`: what changes in it; null: it goes. */
export function changeTable(
  configuration: ConfigurationControl,
  author: Author,
  table: 'users' | 'tokens',
  name: string,
  entry: object | null,
): Promise<ChangeAnswer | ChangeRefusal> {
  const { document } = configuration.current()
  const reason = `${table.slice(0, -1)} ${name} ${entry === null ? 'removed' : 'set'}`
  return configuration.change({ ...asked(document, table, name, entry), reason }, ...author)
}

/**
 * Null: the user is not who he was when his old password was looked at. Between that and this two
 * hashes are made, and an admin may have removed him, or given him another role.
 */
export async function changePassword(
  configuration: ConfigurationControl,
  author: Author,
  { user, from, to }: { readonly user: string; readonly from: unknown; readonly to: string },
): Promise<ChangeAnswer | ChangeRefusal | null> {
  const path = `/cluster/users/${pointer(user)}/password`
  const patch: readonly PatchStep[] = [
    { op: 'test', path, value: from },
    { op: 'replace', path, value: to },
  ]
  const reason = `user ${user} set`
  const outcome = await configuration.change({ patch, reason }, ...author)
  return 'kind' in outcome && outcome.kind === 'bad-request' ? null : outcome
}

/** As the configuration keeps it at this moment. */
export const keptPassword = (configuration: ConfigurationControl, user: string): unknown =>
  valueAt(configuration.withSecrets(), ['cluster', 'users', user, 'password'])

/**
 * A patch adds to what is there, so what is not there yet comes whole. Of an entry that is there
 * each key is changed by itself: the others may be somebody else's change.
 */
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
  const own = `${path}/${pointer(name)}`
  if (entry === null) return { patch: [{ op: 'remove', path: own }] }
  if (valueAt(document, ['cluster', table]) === undefined) {
    return { patch: [{ op: 'add', path, value: { [name]: entry } }] }
  }
  if (valueAt(document, ['cluster', table, name]) === undefined) {
    return { patch: [{ op: 'add', path: own, value: entry }] }
  }
  const keys = Object.entries(entry)
  return { patch: keys.map(([key, value]) => ({ op: 'add', path: `${own}/${key}`, value })) }
}

/** RFC 6901 3. */
const pointer = (name: string): string => name.replaceAll('~', '~0').replaceAll('/', '~1')
