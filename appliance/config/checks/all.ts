import type { Problem } from '../finding.ts'
import type { Document } from '../schema.ts'
import { wholeRouters } from '../whole-router.ts'
import { type WholeService, wholeServices } from '../whole-service.ts'
import { addressProblems } from './addresses.ts'
import { alertProblems } from './alerts.ts'
import { authenticationProblems } from './authentication.ts'
import { checkUseProblems } from './check-uses.ts'
import { directorProblems } from './director.ts'
import { endpointProblems } from './endpoints.ts'
import { fencingProblems } from './fencing.ts'
import { doubtful, remember } from './flawless.ts'
import { guardProblems } from './guard.ts'
import { identityProblems } from './identity.ts'
import { networkProblems } from './network.ts'
import { nodeProblems } from './node.ts'
import { notifyProblems } from './notify.ts'
import { questionProblems } from './questions.ts'
import { routeProblems } from './routes.ts'
import { serverProblems } from './servers.ts'
import { serviceProblems } from './services.ts'
import { syncGroupProblems } from './sync-groups.ts'
import { timingProblems } from './timing.ts'
import { trackProblems } from './tracks.ts'
import { transportProblems } from './transport.ts'
import { userProblems } from './users.ts'

/** What no single value shows: references, and values that do not go together. */
export function contradictions(document: Document): readonly Problem[] {
  const routers = wholeRouters(document)
  const services = wholeServices(document)
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
    ...alertProblems(document),
    ...nodeProblems(document),
    ...guardProblems(document),
    ...fencingProblems(document),
    ...networkProblems(document, routers),
    ...endpointProblems(services, routers),
    ...inServices(document, services),
    ...questionProblems(document),
    ...directorProblems(document),
    ...userProblems(document),
  ]
}

function inServices(document: Document, all: readonly WholeService[]): readonly Problem[] {
  const services = doubtful(document, all)
  const problems = [
    ...services.flatMap(whole => serviceProblems(document, whole)),
    ...services.flatMap(whole => serverProblems(document, whole)),
    ...services.flatMap(whole => checkUseProblems(document, whole)),
  ]
  if (problems.length === 0) remember(document, services)
  return problems
}
