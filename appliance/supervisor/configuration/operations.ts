import { type Caller, callerText } from '../../api/caller.ts'
import type { ChangeRefusal } from '../../api/configuration.ts'
import type { configurationOperations } from '../../api/configuration-operations.ts'
import { editorSchema } from '../../config/editor-schema.ts'
import { findingText } from '../../config/finding.ts'
import { notLoggedIn } from '../access/gate.ts'
import type { Control } from '../control/control.ts'
import { type Answer, json, type PerformersOf } from '../control/operation.ts'
import { problem, type Refusal } from '../control/problem.ts'
import type { Author } from './control.ts'
import { converted } from './conversion.ts'
import { exported } from './export.ts'
import { inStore } from './words.ts'

/** The operations on the configuration. */
export const configurationPerformers: PerformersOf<typeof configurationOperations> = {
  showConfiguration: control => json(control.configuration.current()),
  listRevisions: control => json(control.configuration.history()),
  showRevision: (control, { names: [number = ''] }) => {
    if (!/^\d{1,15}$/.test(number)) return noSuchRevision(number, 'revisions have numbers')
    return answered(control.configuration.at(Number(number)), shown => shown)
  },
  changeConfiguration: async (control, { body, caller }) =>
    answered(await control.configuration.change(body, ...by(control, caller)), change => change),
  confirmConfiguration: async (control, { caller }) =>
    answered(await control.configuration.confirm(...by(control, caller)), revision => ({
      revision,
    })),
  endTrial: async (control, { caller }) =>
    answered(await control.configuration.fallBack(...by(control, caller)), revision => ({
      revision,
    })),
  exportConfiguration: (control, { body }) => exported(control.configuration, body),
  importKeepalived: (_, { body }) => converted({ kind: 'import', request: body }),
  configurationSchema: () => ({ kind: 'text', text: editorSchema() }),
  reloadConfiguration: reload,
}

export const by = (control: Control, caller: Caller): Author => [
  callerText(caller),
  () => control.gate.stillStands(caller),
]

function answered<T extends object>(
  outcome: T | ChangeRefusal,
  shown: (outcome: T) => unknown,
): Answer {
  return isRefusal(outcome) ? refused(outcome) : json(shown(outcome))
}

/** What is answered otherwise has no `kind`. */
export const isRefusal = <T extends object>(outcome: T | ChangeRefusal): outcome is ChangeRefusal =>
  'kind' in outcome

/** Every refusal says that nothing has changed, and what to do. */
export function refused(refusal: ChangeRefusal): Refusal {
  switch (refusal.kind) {
    case 'invalid': {
      const { findings } = refusal
      const detail = findings.map(findingText).join('\n')
      return problem(422, 'configuration-refused', invalid, detail, { findings })
    }
    case 'author-gone':
      return notLoggedIn
    case 'bad-request':
      return problem(400, 'bad-change', 'This change cannot be made', refusal.why)
    case 'secrets-missing': {
      const { places } = refusal
      const detail = `There is none at ${places.join(', ')}: write the secret itself there.`
      const title = 'A secret that should stay as it was has never been there'
      return problem(422, 'secrets-missing', title, detail, { places })
    }
    case 'stale': {
      const { newest, differences } = refusal
      const changed = differences.map(line => `\n${line}`).join('')
      const inForce = `In force is revision ${newest?.number ?? 0}`
      const detail = `${inForce}. Since yours has changed:${changed}`
      const title = 'Somebody else has changed the configuration meanwhile'
      return problem(409, 'stale-revision', title, detail, { newest, differences })
    }
    case 'on-trial': {
      const { newest } = refusal
      const title = `Revision ${newest.number} of ${newest.author} is on trial`
      const detail = 'Confirm it, or end the trial, before another change.'
      return problem(409, 'on-trial', title, detail, { newest })
    }
    case 'nothing-before': {
      const detail =
        'A trial needs a revision to come back to: the first one is made without a trial.'
      return problem(409, 'nothing-before', 'There is nothing to go back to', detail)
    }
    case 'nothing-on-trial': {
      const detail = 'The revision in force stays as it is.'
      return problem(409, 'nothing-on-trial', 'No change is on trial', detail)
    }
    case 'no-such-revision':
      return noSuchRevision(String(refusal.number), refusal.why)
    case 'not-taken': {
      const title = 'The change could not be applied; the configuration before it is in force'
      return problem(409, 'not-taken', title, refusal.whys.join('\n'))
    }
    case 'not-written': {
      const title = 'The change could not be written; the configuration before it is in force'
      return problem(507, 'not-written', title, refusal.why)
    }
    case 'in-file': {
      const detail = `Change ${refusal.path} itself, and reload it.`
      const title = 'The configuration is read from a file'
      return problem(409, 'configuration-in-file', title, detail)
    }
  }
}

const invalid = 'The configuration is refused; the one before it stays in force'

const noSuchRevision = (number: string, why: string): Refusal =>
  problem(404, 'no-such-revision', `There is no revision ${number}`, why)

async function reload(control: Control): Promise<Answer> {
  if (control.configuration.current().source === 'store') {
    const title = 'There is no file to read again'
    return problem(409, 'configuration-in-store', title, inStore)
  }
  const findings = await control.reload()
  if (findings.length === 0) return json({ findings })
  return problem(422, 'configuration-refused', invalid, findings.join('\n'))
}
