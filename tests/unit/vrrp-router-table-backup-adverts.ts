import {
  above,
  alone,
  backup,
  below,
  having,
  heard,
  lowPeer,
  ms,
  nopreempt,
  notice,
  old,
  peer,
  type Row,
  self,
  t,
} from './vrrp-router-words.ts'

const patient = { ...backup, patient: true }
const beforeLow = { ...backup, master: lowPeer }
const delaying = having({ preemptDelay: ms(5000) })
const afterSkew = having({ handover: 'after-skew' })
const newMaster = (priority: number, address = below) => {
  const to = { address, priority, interval: ms(100) }
  return { master: to, masterSince: t(1100), told: [notice({ reason: 'master-changed', to })] }
}
const fromBelow = newMaster(150)
const equalBelow = newMaster(100)
const lowBelow = newMaster(50)
const lowAbove = newMaster(50, above)
const own = newMaster(100, self)

/** At 1100 if nothing else is said; the master was heard at 1000, the time is up at 1360.9375. */
const rows: readonly Row[] = [
  {
    name: 'backup/advert/higher',
    from: { ...backup, released: true, preemptAt: t(1050) },
    on: heard(150, above),
    to: { masterDownAt: t(1460.9375), released: false, preemptAt: null },
  },
  {
    name: 'backup/advert/higher-another-master',
    from: backup,
    on: heard(150, below),
    to: {
      masterDownAt: t(1460.9375),
      master: fromBelow.master,
      masterSince: t(1100),
    },
    effects: fromBelow.told,
  },
  {
    name: 'backup/advert/higher-learns-the-interval',
    from: backup,
    on: heard(150, above, { interval: ms(400) }),
    to: {
      masterDownAt: t(1100 + 1200 + (156 * 400) / 256),
      master: { ...peer, interval: ms(400) },
    },
  },
  {
    name: 'backup/advert/higher-v2-keeps-the-interval',
    from: { ...backup, master: { ...peer, interval: ms(1000) } },
    on: heard(150, above, { version: 2, interval: ms(1000) }),
    here: old,
    to: { masterDownAt: t(1100 + 3609.375) },
  },
  {
    name: 'backup/advert/higher-ends-no-patience',
    from: patient,
    on: heard(150, above),
    to: { masterDownAt: t(1460.9375) },
  },
  {
    name: 'backup/advert/equal-lower-address',
    from: backup,
    on: heard(100, below),
    to: { masterDownAt: t(1460.9375), master: equalBelow.master, masterSince: t(1100) },
    effects: equalBelow.told,
  },
  {
    name: 'backup/advert/equal-own-address-is-followed-all-the-same',
    from: backup,
    on: heard(100, self),
    to: { masterDownAt: t(1460.9375), master: own.master, masterSince: t(1100) },
    effects: own.told,
  },
  {
    name: 'backup/advert/equal-ends-the-preempt-delay',
    from: { ...backup, master: { ...peer, priority: 100 }, preemptAt: t(5000) },
    on: heard(100, above),
    here: delaying,
    to: { masterDownAt: t(1460.9375), preemptAt: null },
  },
  {
    name: 'backup/advert/lower-is-discarded',
    from: beforeLow,
    on: heard(50, above),
    to: { preemptAt: t(1100) },
  },
  {
    name: 'backup/advert/lower-is-discarded-and-known-for-the-status',
    from: alone,
    on: heard(50, above),
    to: { preemptAt: t(1100), master: lowAbove.master, masterSince: t(1100) },
    effects: lowAbove.told,
  },
  {
    name: 'backup/advert/lower-beside-a-good-master',
    from: backup,
    on: heard(50, below),
    to: { preemptAt: t(1100) },
  },
  {
    name: 'backup/advert/lower-beside-a-master-with-our-priority',
    from: { ...backup, master: { ...peer, priority: 100 } },
    on: heard(50, below),
    to: { preemptAt: t(1100) },
  },
  {
    name: 'backup/advert/lower-after-a-good-master-gave-up',
    from: { ...backup, released: true },
    on: heard(50, below),
    to: { preemptAt: t(1100), released: false, master: lowBelow.master, masterSince: t(1100) },
    effects: lowBelow.told,
  },
  {
    name: 'backup/advert/lower-than-before-is-the-same-master',
    from: backup,
    on: heard(50, above),
    to: { preemptAt: t(1100), master: lowPeer },
  },
  {
    name: 'backup/advert/lower-after-its-release-does-not-move-the-deadline',
    from: { ...beforeLow, released: true, masterDownAt: t(1130) },
    on: heard(50, above),
    to: { preemptAt: t(1100), released: false },
  },
  {
    name: 'backup/advert/lower-nopreempt',
    from: backup,
    on: heard(50, below),
    here: nopreempt,
    to: { masterDownAt: t(1460.9375), master: lowBelow.master, masterSince: t(1100) },
    effects: lowBelow.told,
  },
  {
    name: 'backup/advert/lower-nopreempt-does-not-bind-an-owner',
    from: beforeLow,
    on: heard(50, above),
    here: having({ preempt: false, priority: 255 }, { priority: 255 }),
    to: { preemptAt: t(1100) },
  },
  {
    name: 'backup/advert/lower-patient',
    from: { ...beforeLow, patient: true },
    on: heard(50, above),
    to: { masterDownAt: t(1460.9375) },
  },
  {
    name: 'backup/advert/lower-preempt-delay-begins',
    from: beforeLow,
    on: heard(50, above),
    here: delaying,
    to: { masterDownAt: t(1460.9375), preemptAt: t(6100) },
  },
  {
    name: 'backup/advert/lower-preempt-delay-runs',
    from: { ...beforeLow, preemptAt: t(1101) },
    on: heard(50, above),
    here: delaying,
    to: { masterDownAt: t(1460.9375) },
  },
  {
    name: 'backup/advert/lower-preempt-delay-is-over',
    from: { ...beforeLow, preemptAt: t(1100) },
    on: heard(50, above),
    here: delaying,
  },
  {
    name: 'backup/advert/release-at-once',
    from: backup,
    on: heard(0, above),
    to: { masterDownAt: t(1100), released: true },
  },
  {
    name: 'backup/advert/release-after-skew',
    from: backup,
    on: heard(0, above),
    here: afterSkew,
    to: { masterDownAt: t(1160.9375), released: true },
  },
  {
    name: 'backup/advert/release-after-skew-v2',
    from: { ...backup, masterDownAt: t(4000) },
    on: heard(0, above, { version: 2, interval: ms(1000) }),
    here: having({ version: 2, interval: ms(1000), handover: 'after-skew' }),
    to: { masterDownAt: t(1709.375), released: true },
  },
  {
    name: 'backup/advert/release-skew-of-the-learned-interval',
    from: { ...backup, master: { ...peer, interval: ms(400) } },
    on: heard(0, above),
    here: afterSkew,
    to: { masterDownAt: t(1100 + (156 * 400) / 256), released: true },
  },
  {
    name: 'backup/advert/release-by-a-stranger-waits-for-the-skew',
    from: backup,
    on: heard(0, below),
    to: { masterDownAt: t(1160.9375), released: true },
  },
  {
    name: 'backup/advert/release-nobody-known',
    from: alone,
    on: heard(0, above),
    to: { masterDownAt: t(1160.9375), released: true },
  },
  {
    name: 'backup/advert/release-never-waits-longer-than-before',
    from: { ...backup, masterDownAt: t(1120) },
    on: heard(0, below),
    to: { released: true },
  },
  { name: 'backup/advert/release-from-own-address', from: backup, on: heard(0, self) },
  {
    name: 'backup/advert/release-lower-master-known',
    from: beforeLow,
    on: heard(0, above),
    to: { masterDownAt: t(1100), released: true },
  },
  {
    name: 'backup/advert/second-path-release',
    from: backup,
    on: heard(0, below, { secondPath: true }),
    to: { masterDownAt: t(1100), released: true },
  },
  {
    name: 'backup/advert/second-path-release-from-own-address',
    from: backup,
    on: heard(0, self, { secondPath: true }),
  },
  {
    name: 'backup/advert/second-path-release-after-skew',
    from: backup,
    on: heard(0, below, { secondPath: true }),
    here: afterSkew,
    to: { masterDownAt: t(1160.9375), released: true },
  },
  {
    name: 'backup/advert/second-path-higher',
    from: backup,
    on: heard(200, below, { secondPath: true }),
  },
  {
    name: 'backup/advert/second-path-equal',
    from: backup,
    on: heard(100, below, { secondPath: true }),
  },
  {
    name: 'backup/advert/second-path-lower',
    from: backup,
    on: heard(50, below, { secondPath: true }),
  },
]

export const backupAdvertRows: readonly Row[] = rows.map(row => ({ at: 1100, ...row }))
