import type { About } from './frames.ts'

type Versions = Pick<About, 'name' | 'version' | 'schemaVersion'>

/** Two boxes that become one have the same software. Null: they do; else what to do, and where. */
export function whyVersionsDiffer(joiner: Versions, host: Versions): string | null {
  if (joiner.version === host.version && joiner.schemaVersion === host.schemaVersion) return null
  const text = ({ name, version, schemaVersion }: Versions): string =>
    `${name} has version ${version} (schema ${schemaVersion})`
  const [older, newer] = isOlder(host, joiner) ? [host, joiner] : [joiner, host]
  const what = older === joiner ? '--from-peer' : `diarch-${newer.version}-x86_64.slot`
  const command = `diarch upgrade ${what} --restart`
  return (
    `${text(joiner)}, and ${text(host)}. Give ${older.name} the software of ${newer.name}: ` +
    `on ${older.name}, "${command}", and then join again`
  )
}

/** False too where nobody can say: the one that joins takes what the other one has. */
function isOlder(a: Versions, b: Versions): boolean {
  if (a.schemaVersion !== b.schemaVersion) return a.schemaVersion < b.schemaVersion
  const [ours, theirs] = [a, b].map(({ version }) => version.split(/[.-]/).map(Number))
  for (const [index, number] of (ours ?? []).entries()) {
    const other = theirs?.[index] ?? 0
    if (number !== other) return number < other
  }
  return false
}
