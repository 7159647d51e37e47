/** The hooks of `cluster.notify`, where keepalived has them: in instances and in groups. */

import type { Path } from '../config/path.ts'
import type { Document } from '../config/schema.ts'
import { hookLines } from './export-command.ts'
import type { Lacks } from './export-finding.ts'

/** Of one router or one group. A hook for all stands in each of them. */
export function notifyLines(
  { cluster }: Document,
  of: { readonly router: string } | { readonly syncGroup: string },
  lacks: Lacks,
): readonly string[] {
  const said = new Set<string>()
  return cluster.notify.hooks.flatMap((hook, index): readonly string[] => {
    const forAll = hook.router === undefined && hook.syncGroup === undefined
    const mine = 'router' in of ? hook.router === of.router : hook.syncGroup === of.syncGroup
    if (!forAll && !mine) return []
    const path: Path = ['cluster', 'notify', 'hooks', index]
    const keyword = hook.on === undefined ? 'notify' : `notify_${hook.on.toLowerCase()}`
    if (said.has(keyword)) {
      const text = `keepalived has one ${keyword}: call both programs from one script`
      return [lacks.say(path, text)]
    }
    said.add(keyword)
    return hookLines(keyword, hook, path, lacks)
  })
}
