import {
  alone,
  backup,
  below,
  broken,
  changed,
  changedFrom,
  Due,
  DueAfterStandstill,
  freshMaster,
  having,
  here,
  lowPeer,
  ms,
  nopreempt,
  old,
  owner,
  peer,
  type Row,
  Started,
  Stopped,
  t,
  takenOver,
  Yielded,
  YieldedToGroup,
} from './vrrp-router-words.ts'

const preemptsLow = 'preempts 192.0.2.20, whose priority is 50'
const silent = 'the master 192.0.2.20 is silent'
const gone = 'the master 192.0.2.20 has given up'
const owns = 'it owns the addresses'

const patient = { ...backup, patient: true }
const beforeLow = { ...backup, master: lowPeer }
const nobody = { ...alone, masterDownAt: t(1300) }

/** At 1100 if nothing else is said; the master was heard at 1000, the time is up at 1360.9375. */
const rows: readonly Row[] = [
  { name: 'backup/start', from: backup, on: Started },
  { name: 'backup/timer/early', from: backup, on: Due, at: 1360.9 },
  {
    name: 'backup/timer/master-silent',
    from: backup,
    on: Due,
    at: 1360.9375,
    to: freshMaster(1360.9375, { why: silent }),
    effects: takenOver('backup', silent),
  },
  {
    name: 'backup/timer/nobody-heard',
    from: alone,
    on: Due,
    at: 1400,
    to: freshMaster(1400, { why: 'no master was heard' }),
    effects: takenOver('backup', 'no master was heard'),
  },
  {
    name: 'backup/timer/preempts',
    from: beforeLow,
    on: Due,
    at: 1400,
    to: freshMaster(1400, { why: preemptsLow }),
    effects: takenOver('backup', preemptsLow),
  },
  {
    name: 'backup/timer/lower-master-silent-nopreempt',
    from: beforeLow,
    on: Due,
    at: 1400,
    here: nopreempt,
    to: freshMaster(1400, { why: silent }),
    effects: takenOver('backup', silent),
  },
  {
    name: 'backup/timer/lower-master-silent-patient',
    from: { ...beforeLow, patient: true },
    on: Due,
    at: 1400,
    to: freshMaster(1400, { why: silent }),
    effects: takenOver('backup', silent),
  },
  {
    name: 'backup/timer/master-gave-up',
    from: { ...backup, released: true, masterDownAt: t(1100) },
    on: Due,
    to: freshMaster(1100, { why: gone }),
    effects: takenOver('backup', gone),
  },
  {
    name: 'backup/timer/box-stood-still-listens-once-more',
    from: { ...backup, released: true },
    on: DueAfterStandstill,
    at: 9000,
    to: { masterDownAt: t(9360.9375), released: false },
  },
  {
    name: 'backup/changed/priority-leaves-the-timer-alone',
    from: backup,
    on: changedFrom(having({}, { priority: 70 })),
  },
  {
    name: 'backup/changed/interval-waits-once-in-full',
    from: alone,
    on: changedFrom(having({ interval: ms(5000) })),
    to: { masterDownAt: t(1460.9375) },
  },
  {
    name: 'backup/changed/interval-v3-goes-on-with-the-learned-one',
    from: { ...backup, master: { ...peer, interval: ms(400) } },
    on: changedFrom(having({ interval: ms(5000) })),
    to: { masterDownAt: t(1100 + 1200 + (156 * 400) / 256) },
  },
  {
    name: 'backup/changed/interval-v2-is-that-of-all',
    from: { ...backup, master: { ...peer, interval: ms(10_000) } },
    on: changedFrom(having({ version: 2, interval: ms(10_000) })),
    here: old,
    to: { masterDownAt: t(1100 + 3609.375) },
  },
  {
    name: 'backup/changed/down-after',
    from: backup,
    on: changedFrom(having({ downAfter: 5 })),
    to: { masterDownAt: t(1460.9375) },
  },
  {
    name: 'backup/changed/becomes-owner',
    from: backup,
    on: changedFrom(here),
    here: owner,
    to: freshMaster(1100, { why: owns }),
    effects: takenOver('backup', owns, 255),
  },
  {
    name: 'backup/changed/becomes-owner-beside-an-owner',
    from: { ...backup, master: { ...peer, priority: 255 } },
    on: changedFrom(here),
    here: owner,
  },
  {
    name: 'backup/changed/becomes-owner-patient',
    from: patient,
    on: changedFrom(here),
    here: owner,
  },
  {
    name: 'backup/changed/becomes-owner-in-a-sync-group',
    from: backup,
    on: changedFrom(having({ syncGroup: 'pair' })),
    here: having({ syncGroup: 'pair', priority: 255 }, { priority: 255 }),
  },
  {
    name: 'backup/changed/was-owner-before',
    from: backup,
    on: changedFrom({ ...owner, self: below }),
    here: owner,
  },
  {
    name: 'backup/changed/circumstances-wrong',
    from: backup,
    on: changedFrom(here),
    here: broken,
    to: { kind: 'fault', since: t(1100), why: 'eth0: no carrier' },
    effects: [changed('backup', 'fault', 'eth0: no carrier')],
  },
  { name: 'backup/yielded/asked-for', from: backup, on: Yielded, to: { patient: true } },
  { name: 'backup/yielded/sync-group', from: backup, on: YieldedToGroup },
  {
    name: 'backup/stopped',
    from: backup,
    on: Stopped,
    to: { kind: 'initialize', since: t(1100), why: 'SIGTERM', startsAt: null },
    effects: [changed('backup', 'initialize', 'SIGTERM')],
  },
  {
    name: 'backup/timer/nobody-heard-early',
    from: nobody,
    on: Due,
    at: 1299.9,
  },
]

export const backupRows: readonly Row[] = rows.map(row => ({ at: 1100, ...row }))
