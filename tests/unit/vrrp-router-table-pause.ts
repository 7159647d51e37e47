/** What a router makes of time that its clock does not know of: its box slept, or was resumed. */

import {
  backup,
  changed,
  fault,
  freshBackup,
  having,
  initialize,
  master,
  ms,
  type Row,
  release,
  send,
} from './vrrp-router-words.ts'

const Paused = { input: 'Paused', lost: ms(5000) } as const
const why = 'the box stood still for 5.0 s'

export const pauseRows: readonly Row[] = [
  { name: 'initialize/paused', from: initialize, on: Paused },
  {
    name: 'fault/paused',
    from: fault,
    on: Paused,
    at: 0,
    here: having({}, { faults: [fault.why] }),
  },
  { name: 'backup/paused', from: backup, on: Paused },
  {
    name: 'master/paused-gives-up-and-begins-anew',
    from: master,
    on: Paused,
    to: freshBackup(1000, { why }),
    effects: [send(0), release, changed('master', 'backup', why)],
  },
  {
    name: 'master/paused-for-less-than-a-backup-waits',
    from: master,
    on: { ...Paused, lost: ms(250) },
  },
  {
    name: 'master/paused-does-not-bind-an-owner',
    from: master,
    on: Paused,
    here: having({ priority: 255 }, { priority: 255 }),
  },
]
