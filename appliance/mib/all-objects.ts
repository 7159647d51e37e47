import { keepalivedRouterObjects } from './keepalived-routers.ts'
import { keepalivedServiceObjects } from './keepalived-services.ts'
import { type ObjectTree, objectTree } from './object-tree.ts'
import type { Snapshot } from './snapshot.ts'
import { type AgentFacts, systemObjects } from './system-objects.ts'
import { vrrpv3Objects } from './vrrpv3-objects.ts'

/** Everything that the agent shows; `interfaceIndex` gives the kernel's number of an interface. */
export const allObjects = (
  snapshot: Snapshot,
  agent: AgentFacts,
  interfaceIndex: (name: string) => number | null,
): ObjectTree =>
  objectTree([
    ...systemObjects(snapshot, agent),
    ...vrrpv3Objects(snapshot.routers, interfaceIndex),
    ...keepalivedRouterObjects(snapshot, interfaceIndex),
    ...keepalivedServiceObjects(snapshot.services),
  ])
