/** What resets a box that hangs. */

import * as z from 'zod'
import { choice } from './leaves.ts'
import { key } from './meta.ts'

export const nodeWatchdog = z
  .strictObject({
    kind: key(
      choice('hardware', 'software').prefault('hardware'),
      'What this machine has. `hardware`: it is an alarm (`watchdog-software`) while there is ' +
        'only the one in software, which does not help when the kernel hangs. `software`: this ' +
        'machine has no other, as many virtual ones, and that is known.',
    ),
  })
  .meta({ id: 'watchdog', title: 'Watchdog' })
