import type { RevisionInfo, ShownConfiguration, TrialInfo } from '../api/configuration.ts'
import { localTime } from '../linux/local-time.ts'
import { boxZone } from './box-zone.ts'
import { lengthWords } from './table.ts'

/** Number, author, when, why; and what is to be known of it. */
export function showHead({ source, revision, trial }: ShownConfiguration): readonly string[] {
  const read = source === 'store' ? '' : `read from ${source}`
  const since = revision === null ? '' : `, ${timeText(revision.time)}`
  return [
    ...(read === '' ? [] : [`${read}${since}`]),
    ...(read !== '' || revision === null ? [] : [revisionText(revision)]),
    ...(trial === null ? [] : [trialText(trial)]),
  ]
}

export const revisionText = ({ number, author, time, reason }: RevisionInfo): string =>
  `revision ${number} by ${author}, ${timeText(time)}${reason === '' ? '' : `: ${reason}`}`

export const timeText = (time: string): string => localTime(time, boxZone())

const trialText = ({ fallBackTo, secondsLeft }: TrialInfo): string =>
  `on trial: revision ${fallBackTo} comes back in ${leftText(secondsLeft)} ` +
  'unless "diarch config confirm"'

/** To the second as long as somebody may be waiting for it. */
export const leftText = (seconds: number): string =>
  seconds < 600 ? `${Math.ceil(seconds)} s` : lengthWords(seconds)
