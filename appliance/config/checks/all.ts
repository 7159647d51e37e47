import type { Problem } from '../finding.ts'
import type { Document } from '../schema.ts'
import { wholeRouters } from '../whole-router.ts'
import { addressProblems } from './addresses.ts'
import { authenticationProblems } from './authentication.ts'
import { identityProblems } from './identity.ts'
import { nodeProblems } from './node.ts'
import { notifyProblems } from './notify.ts'
import { routeProblems } from './routes.ts'
import { syncGroupProblems } from './sync-groups.ts'
import { timingProblems } from './timing.ts'
import { trackProblems } from './tracks.ts'
import { transportProblems } from './transport.ts'

/** What no single value shows: references, and values that do not go together. */
export function contradictions(document: Document): readonly Problem[] {
  const routers = wholeRouters(document)
  return [
    ...identityProblems(routers),
    ...routers.flatMap(timingProblems),
    ...routers.flatMap(transportProblems),
    ...routers.flatMap(authenticationProblems),
    ...addressProblems(routers),
    ...routers.flatMap(routeProblems),
    ...trackProblems(document),
    ...syncGroupProblems(document, routers),
    ...notifyProblems(document),
    ...nodeProblems(document),
  ]
}
