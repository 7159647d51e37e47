import { migrated } from '../../config/migrations.ts'
import { partsOf } from '../../config/parts.ts'
import type { ConfigurationCore } from './core.ts'
import { readConfigurationFile } from './file.ts'
import { itself } from './words.ts'

/** Somebody has put a document on the disk of a new box. */
export async function takeOverFile(path: string, core: ConfigurationCore): Promise<void> {
  const { site } = core
  const read = readConfigurationFile(path)
  if (read.kind === 'absent') return
  if (read.kind === 'refused') return refuseFile(path, read.findings, core)
  const parts = partsOf(read.document)
  await site.give(parts)
  const reason = `${path} was the configuration`
  const [raw, time] = [await site.sealed(migrated(read.raw).value, null), new Date()]
  const change = { document: raw, author: 'diarch.json', reason, time, trialUntil: null }
  const why = core.commit(change, { document: read.document, parts })
  if (why === null) return
  const since = time.toISOString()
  core.setInForce({ revision: null, raw, parts, document: read.document, since })
  site.alarm([{ reason: 'configuration-not-written', message: why }])
}

/** The file is the truth, and the store its history. Gives what is wrong with it. */
export async function readFromFile(
  path: string,
  core: ConfigurationCore,
): Promise<readonly string[]> {
  const { site, store } = core
  const read = readConfigurationFile(path)
  if (read.kind !== 'document') {
    const findings = read.kind === 'absent' ? ['there is no such file'] : read.findings
    refuseFile(path, findings, core)
    return findings
  }
  // All of it anew: who asks for it may want something put right.
  const parts = partsOf(read.document)
  const whys = await site.give(parts)
  if (whys.length > 0) {
    await core.giveBack(core.inForce().parts)
    refuseFile(path, whys, core, 'diarch reload')
    return whys
  }
  const raw = await site.sealed(read.raw, store.newest?.document)
  const since = new Date().toISOString()
  const next = { document: read.document, parts }
  site.alarm([])
  if (store.trial !== null) {
    store.fallBack({ author: itself, time: new Date() }, `${path} is in force now`)
  }
  const { newest } = store
  if (newest !== null && JSON.stringify(newest.document) === JSON.stringify(raw)) {
    core.setInForce({ ...next, revision: newest, raw, since: newest.time })
    return []
  }
  core.setInForce({ ...next, revision: null, raw, since })
  const [author, time] = [`FILE ${path}`, new Date()]
  const why = core.commit({ document: raw, author, reason: '', time, trialUntil: null }, next)
  if (why === null) return []
  const message = `The configuration of ${path} is in force, and not in the history: ${why}`
  site.alarm([{ reason: 'configuration-not-written', message }])
  return []
}

const mostSaid = 3

/** One alarm and one event, however much is wrong: a thousand would push out all others. */
function refuseFile(
  path: string,
  findings: readonly string[],
  { site }: ConfigurationCore,
  wholly = `diarch check ${path}`,
): void {
  const rest = findings.length - mostSaid
  const more = rest > 0 ? `; and ${rest} more: "${wholly}" says all of it` : ''
  const message = `${path}: ${findings.slice(0, mostSaid).join('; ')}${more}`
  site.alarm([{ reason: 'configuration-refused', message }])
  site.note('configuration-refused', message)
}
