import type { NotifyConfig, NotifyHook } from '../vrrp/tracker-config.ts'
import type { Document } from './schema.ts'

type Hook = Document['cluster']['notify']['hooks'][number]

export function notifyConfig({ cluster: { notify } }: Document): NotifyConfig {
  const { fifo, priorityChanges } = notify
  return { hooks: notify.hooks.map(notifyHook), fifo, priorityChanges }
}

function notifyHook({ router, syncGroup, on, command, user, timeout }: Hook): NotifyHook {
  return { of: of(router, syncGroup), on: on ?? null, command, user, timeout }
}

function of(router: string | undefined, group: string | undefined): NotifyHook['of'] {
  if (router !== undefined) return { kind: 'router', name: router }
  return group === undefined ? null : { kind: 'group', name: group }
}
