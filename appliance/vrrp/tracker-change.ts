import type { TrackerConfig } from './tracker-config.ts'

/**
 * Whether two configurations look at the same thing: then what was found stays true, and only how
 * often and how strictly one looks has changed. Else everything begins anew.
 */
export function looksAtTheSame(a: TrackerConfig, b: TrackerConfig): boolean {
  return JSON.stringify(subject(a)) === JSON.stringify(subject(b))
}

function subject(tracker: TrackerConfig): readonly unknown[] {
  switch (tracker.kind) {
    case 'script':
      return [tracker.kind, tracker.command, tracker.user]
    case 'process':
      return [tracker.kind, tracker.program, tracker.arguments]
    case 'file':
      return [tracker.kind, tracker.path]
    case 'interface':
      return [tracker.kind, tracker.interface]
    case 'service':
      return [tracker.kind, tracker.service]
    case 'check':
      return [tracker.kind, tracker.check.question, tracker.target]
  }
}
