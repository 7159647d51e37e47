import type * as z from 'zod'
import type { backupOperations } from '../../api/backup-operations.ts'
import type { Caller } from '../../api/caller.ts'
import { backupOf, documentIn, portNotes } from '../../store/backup.ts'
import { by, isRefusal, refused } from '../configuration/operations.ts'
import type { Control } from '../control/control.ts'
import { type Answer, json, type PerformersOf } from '../control/operation.ts'
import { problem } from '../control/problem.ts'
import { supportBundle } from '../support/bundle.ts'

/** The operations on what a box is made of again, and on what its maker needs to see. */
export const backupPerformers: PerformersOf<typeof backupOperations> = {
  makeBackup: async (control, { body }) => {
    const whole = control.configuration.withSecrets()
    if (typeof whole !== 'object' || whole === null) {
      const detail = 'There is nothing to keep.'
      return problem(409, 'no-configuration', 'There is no configuration yet', detail)
    }
    return json(await backupOf({ ...whole }, control.status(), body?.passphrase ?? null))
  },
  restoreBackup: (control, { body, caller }) => restored(control, body, caller),
  makeSupportBundle: async control => {
    const { name, bytes } = await supportBundle(control)
    return { kind: 'file', type: 'application/gzip', name: `${name}.tar.gz`, bytes }
  },
}

async function restored(
  control: Control,
  body: z.output<typeof backupOperations.restoreBackup.body>,
  caller: Caller,
): Promise<Answer> {
  const { backup, passphrase = null, reason, ...how } = body
  const document = await documentIn(backup, passphrase)
  if (document === null) {
    const title =
      passphrase === null
        ? 'The backup has secrets, and no passphrase was given'
        : 'The passphrase does not open this backup'
    const detail = 'It is the one that was given when the backup was made; nothing has changed.'
    return problem(409, 'wrong-passphrase', title, detail)
  }
  const why = reason ?? `restored from the backup of ${backup.hostname}, ${backup.madeAt}`
  // Without one, it takes the place of whatever there is.
  const parent = how.parent ?? control.configuration.current().revision?.number ?? 0
  const request = { ...how, parent, document, reason: why }
  const outcome = await control.configuration.change(request, ...by(control, caller))
  if (isRefusal(outcome)) return refused(outcome)
  return json({ ...outcome, notes: portNotes(backup.ports, control.status().ports) })
}
