/**
 * `npm run bench:failover -- [--json FILE] [--only CASE,...] [--rounds N] [--minutes N]`: how long
 * clients go without the virtual address, beside keepalived in the same minutes. How it is
 * measured stands in docs/benchmarks.md. It needs root, and a machine that does nothing else.
 */

import { falseFailovers } from './failover/false-failovers.ts'
import { hostileAdverts } from './failover/hostile.ts'
import { manyRouters } from './failover/many-routers.ts'
import { outages } from './failover/outages.ts'
import { runGroups } from './groups.ts'

const groups = [...outages, manyRouters, hostileAdverts, falseFailovers]
await runGroups(groups, {
  name: 'bench:failover',
  about:
    'How long clients go without the virtual address, beside keepalived in the same minutes\n' +
    '(docs/benchmarks.md). It needs root, and a machine that does nothing else.',
  rounds: 10,
  unit: 'minutes',
  length: 5,
})
