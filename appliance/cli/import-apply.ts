import { askConfiguration } from './ask-configuration.ts'
import { withRestOf } from './beside-import.ts'
import { runFolder } from './folders.ts'
import type { ImportOptions } from './import-work.ts'
import { makeChange } from './make-change.ts'

/** What was made of a keepalived.conf, in the place of what it is about. */
export async function putInForce(
  imported: unknown,
  path: string,
  options: ImportOptions,
): Promise<void> {
  const { apply: _, json: __, ...care } = options
  const shown = await askConfiguration(runFolder(options.run, process.env))
  const document = withRestOf(shown.document, imported)
  const parent = shown.revision?.number ?? 0
  await makeChange({ document, parent, reason: `${path} imported` }, care)
}
