/**
 * The hooks that wait. Those of one router run one after the other in the order of events, states
 * that are over included: a script that hears MASTER, BACKUP, MASTER can count on it. Routers do
 * not wait for each other, up to a number of hooks at once that a small box bears.
 */

export type NotifyOrder<Job extends Queued> = {
  readonly waiting: readonly Job[]
  /** Whose hook runs. */
  readonly busy: ReadonlySet<string>
}

export type Queued = {
  /** Jobs of the same one never overlap. */
  readonly whose: string
}

export type OrderStep<Job extends Queued> = {
  readonly order: NotifyOrder<Job>
  /** To be started now. */
  readonly start: readonly Job[]
  /** The oldest of those that waited for the same router: the latest state is never lost. */
  readonly dropped: readonly Job[]
}

/** A switched-over pair of 250 routers must not become 250 shells at once. */
export const mostAtOnce = 16
export const mostWaiting = 100

export const emptyOrder = { waiting: [], busy: new Set<string>() } as const

export function addJobs<Job extends Queued>(
  { waiting, busy }: NotifyOrder<Job>,
  jobs: readonly Job[],
): OrderStep<Job> {
  const all = [...waiting, ...jobs]
  const dropped = [...new Set(jobs.map(({ whose }) => whose))].flatMap(whose => {
    const own = all.filter(job => job.whose === whose)
    return own.slice(0, Math.max(0, own.length - mostWaiting))
  })
  const kept = dropped.length === 0 ? all : all.filter(job => !dropped.includes(job))
  return { ...startable({ waiting: kept, busy }), dropped }
}

/** The hook of `whose` has ended. */
export function jobEnded<Job extends Queued>(
  { waiting, busy }: NotifyOrder<Job>,
  whose: string,
): OrderStep<Job> {
  const others = new Set(busy)
  others.delete(whose)
  return { ...startable({ waiting, busy: others }), dropped: [] }
}

export const isIdle = ({ waiting, busy }: NotifyOrder<Queued>): boolean =>
  waiting.length === 0 && busy.size === 0

function startable<Job extends Queued>(order: NotifyOrder<Job>) {
  const busy = new Set(order.busy)
  const start: Job[] = []
  const waiting: Job[] = []
  for (const job of order.waiting) {
    if (busy.size >= mostAtOnce || busy.has(job.whose)) {
      waiting.push(job)
      continue
    }
    busy.add(job.whose)
    start.push(job)
  }
  return { order: { waiting, busy }, start }
}
