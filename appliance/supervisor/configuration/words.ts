import type { ChangeRefusal, RevisionInfo } from '../../api/configuration.ts'
import type { AlarmText } from '../../boot/alarm-text.ts'
import { type Finding, findingText } from '../../config/finding.ts'
import type { RevisionHead } from '../../store/revision.ts'
import type { Damage, Store } from '../../store/store.ts'
import type { RefusedRevision } from './stored.ts'

export const revisionInfo = ({
  number,
  parent,
  author,
  time,
  reason,
  hash,
  trial,
}: RevisionHead): RevisionInfo => {
  const fallBackTo = trial?.fallBackTo ?? null
  return { number, parent, author, time, reason, hash, fallBackTo }
}

/** As in `revision 5 of admin (on the box): another scheduler`. */
export const revisionText = ({ number, author, reason }: RevisionHead): string =>
  `revision ${number} of ${author}${reason === '' ? '' : `: ${reason}`}`

/** Of a change that was good in itself. */
export function refusalText(refusal: ChangeRefusal): string {
  if (refusal.kind === 'not-taken') return refusal.whys.join('; ')
  return 'why' in refusal ? refusal.why : refusal.kind
}

/** Where it is wrong, in short: its values are nobody else's business. */
export function firstOf([first, ...others]: readonly Finding[]): string {
  const more = others.length === 0 ? '' : ` and ${others.length} more`
  return `${first?.path || 'the document'} is wrong${more}`
}

const instead = (revision: number | null): string =>
  revision === null
    ? 'No older one can be used: this box runs without a configuration'
    : `Revision ${revision} is in force instead`

export const damageAlarm = ({ file, why }: Damage, used: number | null): AlarmText => ({
  reason: 'configuration-damaged',
  message:
    `${file}: ${why}. ${instead(used)}: look at it with "diarch config show", and apply what is ` +
    'missing in it',
})

export function refusedAlarm({ number, findings }: RefusedRevision, used: number | null) {
  const first = findings.slice(0, 3).map(findingText).join('; ')
  const message =
    `This software refuses revision ${number}: ${first}. ${instead(used)}. Upgrade again, or ` +
    'apply a configuration that this software knows'
  return { reason: 'configuration-refused', message }
}

/** The author of what nobody has asked for. */
export const itself = 'diarch'

export const inStore =
  'the configuration is in the store and not in a file: change it with "diarch config edit", or ' +
  'bring a file with "diarch config apply FILE"'

export const otherWriter =
  'somebody else writes to the store of this box; nothing may but its supervisor'

type NotEnded = Exclude<
  ReturnType<Store['fallBack']>,
  { readonly kind: 'committed' | 'nothing-on-trial' }
>

/** Why a trial goes on. */
export function notEnded(outcome: NotEnded): Extract<ChangeRefusal, { kind: 'not-written' }> {
  switch (outcome.kind) {
    case 'not-written':
      return { kind: 'not-written', why: outcome.error.message }
    case 'stale':
      return { kind: 'not-written', why: otherWriter }
    case 'damaged': {
      const { file, why } = outcome.damage
      return { kind: 'not-written', why: `${file}, which it should go back to: ${why}` }
    }
  }
}
