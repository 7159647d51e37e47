import type { ProcessSpec } from '../supervision/spec.ts'
import { accountOf } from './accounts.ts'
import { builtFile } from './lib-dir.ts'

export type LaunchSite = {
  readonly controlGroup: string | null
  /** Only root can become somebody else; an ordinary user's children are his own. */
  readonly changesUser: boolean
  readonly parent: number
}

/**
 * Where memory runs out the kernel ends the largest process, which is the supervisor, and all
 * others go with it. On the image it is the last to go (keep-supervisor), these come before it.
 */
const [neededMost, neededLess] = [-500, 300]

/** The command that confines the child and then becomes it: see native/launch.c. */
export function launchCommand(spec: ProcessSpec, site: LaunchSite): [string, string[]] {
  const options: string[] = []
  if (site.controlGroup !== null) options.push('--cgroup', site.controlGroup)
  if (site.changesUser && spec.user !== null) {
    const { uid, gid } = accountOf(spec.user)
    options.push('--user', `${uid}:${gid}`)
  }
  if (spec.capabilities.length > 0) options.push('--keep', spec.capabilities.join(','))
  switch (spec.scheduling.kind) {
    case 'normal':
      options.push('--nice', String(spec.scheduling.nice))
      break
    case 'round-robin':
      options.push('--round-robin', String(spec.scheduling.priority))
      break
  }
  options.push('--oom', String(spec.trusted ? neededMost : neededLess))
  options.push('--parent', String(site.parent))
  return [builtFile('launch'), [...options, '--', ...spec.command]]
}
