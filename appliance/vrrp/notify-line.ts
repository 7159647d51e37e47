import type { NotifyConfig, NotifyHook } from './tracker-config.ts'
import type { RouterEvent } from './tracker-messages.ts'

/** An event in the words of keepalived, for its scripts and FIFO readers. */
export type NotifyWords = {
  readonly about: 'INSTANCE' | 'GROUP'
  readonly name: string
  /** `MASTER` ... `STOP`, `MASTER_PRIORITY`, `BACKUP_PRIORITY`. */
  readonly state: string
  readonly priority: number
}

/** Null: keepalived would not say it. */
export function notifyWords(
  { of, name, what, state, priority }: RouterEvent,
  { priorityChanges }: Pick<NotifyConfig, 'priorityChanges'>,
): NotifyWords | null {
  if (of === 'group') {
    return what === 'priority' ? null : { about: 'GROUP', name, state, priority: 0 }
  }
  if (what === 'state') return { about: 'INSTANCE', name, state, priority }
  if (!priorityChanges) return null
  // Whatever is not master says BACKUP here, a router in FAULT too.
  const word = state === 'MASTER' ? 'MASTER_PRIORITY' : 'BACKUP_PRIORITY'
  return { about: 'INSTANCE', name, state: word, priority }
}

export const fifoLine = ({ about, name, state, priority }: NotifyWords): string =>
  `${about} "${name}" ${state} ${priority}\n`

export type HookCall = {
  readonly hook: NotifyHook
  readonly command: readonly [string, ...string[]]
}

/**
 * As keepalived does: those for this state first, with their own arguments alone (notify_master);
 * then those for every state, which are told what happened (notify).
 */
export function hookCalls(
  event: RouterEvent,
  words: NotifyWords,
  hooks: readonly NotifyHook[],
): readonly HookCall[] {
  const mine = hooks.filter(
    ({ of }) => of === null || (of.kind === event.of && of.name === event.name),
  )
  const told = [words.about, words.name, words.state, String(words.priority)]
  return [
    ...mine
      .filter(({ on }) => on !== null && on === words.state)
      .map(hook => ({ hook, command: hook.command })),
    ...mine
      .filter(({ on }) => on === null)
      .map((hook): HookCall => ({ hook, command: [...hook.command, ...told] })),
  ]
}
