/**
 * `npm run bench:guard -- [--json FILE] [--only CASE,...] [--rounds N] [--seconds N]`: who has the
 * address on the worst days, beside keepalived in the same minutes. How it is measured stands in
 * docs/benchmarks.md. It needs root, and a machine that does nothing else.
 */

import { runGroups } from './groups.ts'
import { blocked } from './guard/blocked.ts'
import { hung } from './guard/hang.ts'
import { hostile } from './guard/hostile.ts'
import { image } from './guard/image.ts'
import { paused } from './guard/pause.ts'
import { witness } from './guard/witness.ts'

const groups = [hung, blocked, witness, paused, hostile, image]
await runGroups(groups, {
  name: 'bench:guard',
  about:
    'Who has the address on the worst days, beside keepalived in the same minutes\n' +
    '(docs/benchmarks.md). It needs root, and a machine that does nothing else.',
  rounds: 5,
  unit: 'seconds',
  length: 60,
})
