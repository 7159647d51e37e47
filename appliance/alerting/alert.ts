/** What an operator may want to hear of. */
export const topics = ['alarms', 'roles', 'services', 'servers'] as const
export type Topic = (typeof topics)[number]

/**
 * `begins`, `goes on` and `ends` are said of an alarm; what has happened, and is over with that, is
 * `happened`.
 */
export const alertStates = ['begins', 'goes on', 'ends', 'happened'] as const
export type AlertState = (typeof alertStates)[number]

/** What is to be told, before it has a number and a place. */
export type Told = {
  readonly topic: Topic
  readonly state: AlertState
  /** An alarm's reason, or the event: a stable token. */
  readonly subject: string
  /** A line for each thing that it is about. */
  readonly lines: readonly string[]
}

export type Alert = Told & {
  /** The same when it is sent again: whoever has it already leaves it. */
  readonly id: string
  readonly at: string
  readonly box: string
}

/** As a webhook, a script and a FIFO get it. */
export const alertJson = (alert: Alert): string => JSON.stringify({ product: 'Diarch', ...alert })

/** One line, for a subject or a log. */
export function headline({ state, subject, lines, box }: Alert): string {
  const [first = '', ...more] = lines
  const rest = more.length === 0 ? '' : ` (and ${more.length} more)`
  const word = state === 'happened' ? '' : ` ${state}`
  return `${box}: ${subject}${word}: ${first}${rest}`
}
