import * as z from 'zod'
import type { Backup } from '../api/backup-operations.ts'
import { sealedHow } from '../api/backup-words.ts'
import { joinSecrets, type Secrets, splitSecrets } from '../config/secrets.ts'
import { openSealed, sealText } from '../linux/sealed-text.ts'
import type { PortStatus, Status } from '../status/document.ts'
import { canonical } from '../values/canonical.ts'

/** `whole`: the document with its secrets. Without a passphrase they are left out. */
export async function backupOf(
  whole: Readonly<Record<string, unknown>>,
  { hostname, version, ports }: Pick<Status, 'hostname' | 'version' | 'ports'>,
  passphrase: string | null,
): Promise<Backup> {
  const { public: document, secrets } = splitSecrets(whole)
  const sealed: Backup['secrets'] =
    passphrase === null
      ? null
      : {
          how: sealedHow,
          ...(await sealText(JSON.stringify(secrets), passphrase, canonical(document))),
        }
  return {
    diarchBackup: 1,
    madeAt: new Date().toISOString(),
    hostname,
    version,
    document: document as Record<string, unknown>,
    secrets: sealed,
    ports: ports.map(({ name, mac }) => ({ name, mac })),
  }
}

const secretsSchema = z.record(z.string(), z.string())

/** The document to put in force; null: the passphrase does not open it. */
export async function documentIn(
  { document, secrets }: Backup,
  passphrase: string | null,
): Promise<unknown> {
  if (secrets === null) return document
  if (passphrase === null) return null
  const text = await openSealed(secrets, passphrase, canonical(document))
  if (text === null) return null
  const opened: Secrets = secretsSchema.parse(JSON.parse(text))
  const joined = joinSecrets(document, opened)
  // What is missing stays as it was here, or is refused with its place.
  return joined.kind === 'document' ? joined.document : document
}

/** Names of ports follow hardware: on another box the document may mean other ones. */
export function portNotes(
  ports: Backup['ports'],
  here: readonly Pick<PortStatus, 'name' | 'mac'>[],
): readonly string[] {
  return ports.flatMap(({ name, mac }) => {
    const same = here.find(port => port.mac === mac)
    if (same?.name === name) return []
    if (same !== undefined) return [`the port ${name} of the backup is called ${same.name} here`]
    const other = here.find(port => port.name === name)
    return other === undefined
      ? [`this box has no port ${name}`]
      : [`${name} is another port here: ${other.mac}, and ${mac} in the backup`]
  })
}
