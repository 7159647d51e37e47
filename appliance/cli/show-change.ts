import type { ChangeAnswer } from '../api/configuration.ts'
import { leftText, revisionText } from './show-revision.ts'

/** What differs, and what that does or has done on this box. */
export function showPlan({ differences, planText }: ChangeAnswer): string {
  const indented = (lines: readonly string[]): readonly string[] => lines.map(line => `  ${line}`)
  return ['changes:', ...indented(differences), 'on this box:', ...indented(planText)].join('\n')
}

/** `runs` is what the two commands need to find the supervisor. */
export function showOutcome(answer: ChangeAnswer, runs: string): string {
  const { outcome, revision, trial } = answer
  if (outcome === 'same') return 'nothing to change: it is so already'
  if (outcome === 'planned') return 'a dry run: nothing is changed'
  const inForce = revision === null ? 'it is in force' : `in force: ${revisionText(revision)}`
  if (trial === null) return inForce
  return [
    inForce,
    `on trial: revision ${trial.fallBackTo} comes back by itself in ${leftText(trial.secondsLeft)}`,
    `  to keep it:      diarch config confirm${runs}`,
    `  to take it back: diarch config rollback${runs}`,
  ].join('\n')
}
