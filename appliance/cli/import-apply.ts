import { type Beside, besideImport } from '../config/beside-import.ts'
import type { Finding } from '../keepalived/import-finding.ts'
import { askConfiguration } from './ask-configuration.ts'
import { runFolder } from './folders.ts'
import type { ImportOptions } from './import-work.ts'
import { makeChange } from './make-change.ts'

export type Application = Beside & { readonly parent: number }

/** What was made of a keepalived.conf, in the place of what it is about. */
export async function applicationOf(
  imported: unknown,
  { run }: ImportOptions,
): Promise<Application> {
  const shown = await askConfiguration(runFolder(run, process.env))
  return { ...besideImport(shown.document, imported), parent: shown.revision?.number ?? 0 }
}

/** At their lines: what is in the file and does not come into force. */
export function withKept(
  findings: readonly Finding[],
  kept: readonly string[],
): readonly Finding[] {
  const paths = kept.map(name => ({ name, path: `cluster.alerts.channels.${name}` }))
  return findings.map(finding => {
    const found = paths.find(
      ({ path }) => finding.path === path || finding.path?.startsWith(`${path}.`),
    )
    if (found === undefined) return finding
    const text =
      `this box has a channel "${found.name}" of its own for alerts, which stays as it is, and ` +
      `the mail settings of the file are not taken. "diarch config unset ${found.path}" makes room`
    return { ...finding, outcome: 'unsupported', text }
  })
}

export async function putInForce(
  { document, parent }: Application,
  path: string,
  options: ImportOptions,
): Promise<void> {
  const { apply: _, json: __, ...care } = options
  await makeChange({ document, parent, reason: `${path} imported` }, care)
}
