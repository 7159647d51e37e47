import type { About } from './frames.ts'

type Versions = Pick<About, 'name' | 'version' | 'schemaVersion'>

/** Two boxes that are to be one have the same software. Null: they do. */
export function whyVersionsDiffer(joiner: Versions, host: Versions): string | null {
  if (joiner.version === host.version && joiner.schemaVersion === host.schemaVersion) return null
  const text = ({ name, version, schemaVersion }: Versions): string =>
    `${name} has version ${version} (schema ${schemaVersion})`
  return `${text(joiner)}, and ${text(host)}: give both the same image`
}
