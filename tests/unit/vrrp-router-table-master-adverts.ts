import {
  above,
  announce,
  below,
  changed,
  freshBackup,
  having,
  heard,
  here,
  master,
  ms,
  nopreempt,
  notice,
  old,
  owner,
  type Row,
  release,
  self,
  send,
  t,
} from './vrrp-router-words.ts'

const better = '192.0.2.20 has priority 150, ours is 100'
const equalAbove = '192.0.2.20 has our priority 100 and the higher address'
const whileAway = '192.0.2.5 has taken over while vrrpd did not run'
const lowerMaster = (address = below, priority = 50) =>
  notice({ reason: 'lower-master', address, priority })
const contest = (address = below, priority = 50) => [
  announce('contested'),
  lowerMaster(address, priority),
]
const following = (address: typeof above, priority: number, why: string, at = 1050) =>
  freshBackup(at, { why, master: { address, priority, interval: ms(100) }, masterSince: t(at) })
/** At 1050 it has answered somebody, and announced. */
const answered = { ...master, answerAfter: t(1055), contestAfter: t(2000), announceAt: [t(2000)] }
const contested = {
  advertAt: t(1150),
  answerAfter: t(1060),
  announceAt: [t(1150), t(2050)],
  contestAfter: t(2050),
}
const listening = { ...master, listens: true }

/** All at 1050 if nothing else is said: half an interval after its last advert. */
const rows: readonly Row[] = [
  {
    name: 'master/advert/higher',
    from: master,
    on: heard(150, above),
    to: following(above, 150, better),
    effects: [send(100), release, changed('master', 'backup', better)],
  },
  {
    name: 'master/advert/higher-lower-address',
    from: master,
    on: heard(150, below),
    to: following(below, 150, '192.0.2.5 has priority 150, ours is 100'),
    effects: [
      send(100),
      release,
      changed('master', 'backup', '192.0.2.5 has priority 150, ours is 100'),
    ],
  },
  {
    name: 'master/advert/higher-learns-the-interval',
    from: master,
    on: heard(150, above, { interval: ms(400) }),
    to: freshBackup(1050, {
      why: better,
      masterDownAt: t(1050 + 1200 + (156 * 400) / 256),
      master: { address: above, priority: 150, interval: ms(400) },
      masterSince: t(1050),
    }),
    effects: [send(100), release, changed('master', 'backup', better)],
  },
  {
    name: 'master/advert/higher-from-own-address',
    from: master,
    on: heard(150, self),
    to: following(self, 150, '192.0.2.10 has priority 150, ours is 100'),
    effects: [
      send(100),
      release,
      changed('master', 'backup', '192.0.2.10 has priority 150, ours is 100'),
    ],
  },
  {
    name: 'master/advert/higher-was-away',
    from: master,
    on: heard(150, above),
    at: 3000,
    to: following(above, 150, better, 3000),
    effects: [send(0), release, changed('master', 'backup', better)],
  },
  {
    name: 'master/advert/equal-higher-address',
    from: master,
    on: heard(100, above),
    to: following(above, 100, equalAbove),
    effects: [send(100), release, changed('master', 'backup', equalAbove)],
  },
  {
    name: 'master/advert/equal-higher-address-between-owners',
    from: master,
    on: heard(255, above),
    here: owner,
    to: freshBackup(1050, {
      why: '192.0.2.20 has our priority 255 and the higher address',
      masterDownAt: t(1050 + 300 + 100 / 256),
      master: { address: above, priority: 255, interval: ms(100) },
      masterSince: t(1050),
    }),
    effects: [
      send(255),
      release,
      changed('master', 'backup', '192.0.2.20 has our priority 255 and the higher address'),
    ],
  },
  {
    name: 'master/advert/equal-lower-address',
    from: master,
    on: heard(100, below),
    to: contested,
    effects: [send(100), ...contest(below, 100)],
  },
  {
    name: 'master/advert/equal-own-address',
    from: master,
    on: heard(100, self),
    effects: [notice({ reason: 'own-address', address: self })],
  },
  {
    name: 'master/advert/equal-own-address-unknown',
    from: master,
    on: heard(100, above),
    here: { ...here, self: null },
    to: contested,
    effects: [send(100), ...contest(above, 100)],
  },
  {
    name: 'master/advert/lower-is-answered-at-once',
    from: master,
    on: heard(50, below),
    to: contested,
    effects: [send(100), ...contest()],
  },
  {
    name: 'master/advert/lower-higher-address',
    from: master,
    on: heard(50, above),
    to: contested,
    effects: [send(100), ...contest(above)],
  },
  {
    name: 'master/advert/lower-v2-is-answered-too',
    from: { ...master, advertAt: t(2000) },
    on: heard(50, below, { version: 2, interval: ms(1000) }),
    here: old,
    to: {
      advertAt: t(2050),
      answerAfter: t(1060),
      announceAt: [t(2050)],
      contestAfter: t(2050),
    },
    effects: [send(100), ...contest()],
  },
  {
    name: 'master/advert/lower-own-burst-is-coming',
    from: { ...master, announceAt: [t(1500), t(2050), t(5000)] },
    on: heard(50, below),
    to: { ...contested, announceAt: [t(1150), t(2050), t(5000)] },
    effects: [send(100), ...contest()],
  },
  {
    name: 'master/advert/lower-answered-just-now-waits-for-the-pause',
    from: answered,
    on: heard(50, below),
    to: { advertAt: t(1055) },
  },
  {
    name: 'master/advert/lower-the-pause-is-just-over',
    from: answered,
    on: heard(50, below),
    at: 1055,
    to: { advertAt: t(1155), answerAfter: t(1065) },
    effects: [send(100)],
  },
  {
    name: 'master/advert/lower-announced-long-enough-ago',
    from: { ...answered, advertAt: t(2050) },
    on: heard(50, below),
    at: 2000,
    to: {
      advertAt: t(2100),
      answerAfter: t(2010),
      announceAt: [t(2100), t(3000)],
      contestAfter: t(3000),
    },
    effects: [send(100), ...contest()],
  },
  {
    name: 'master/advert/lower-announced-just-now',
    from: answered,
    on: heard(50, below),
    at: 1070,
    to: { advertAt: t(1170), answerAfter: t(1080) },
    effects: [send(100)],
  },
  {
    name: 'master/advert/lower-was-away',
    from: master,
    on: heard(50, below),
    at: 3000,
    to: following(below, 50, whileAway, 3000),
    effects: [send(0), release, changed('master', 'backup', whileAway)],
  },
  {
    name: 'master/advert/lower-was-away-nopreempt',
    from: master,
    on: heard(50, below),
    at: 3000,
    here: nopreempt,
    to: following(below, 50, whileAway, 3000),
    effects: [send(0), release, changed('master', 'backup', whileAway)],
  },
  {
    name: 'master/advert/lower-listens-nopreempt',
    from: listening,
    on: heard(50, below),
    here: nopreempt,
    to: following(below, 50, whileAway),
    effects: [send(0), release, changed('master', 'backup', whileAway)],
  },
  {
    name: 'master/advert/lower-late-but-within-the-down-interval-nopreempt',
    from: master,
    on: heard(50, below),
    at: 1360.9,
    here: nopreempt,
    to: {
      advertAt: t(1460.9),
      answerAfter: t(1370.9),
      announceAt: [t(1460.9), t(2360.9)],
      contestAfter: t(2360.9),
    },
    effects: [send(100), ...contest()],
  },
  {
    name: 'master/advert/lower-was-away-nopreempt-does-not-bind-an-owner',
    from: master,
    on: heard(50, below),
    at: 3000,
    here: having({ preempt: false, priority: 255 }, { priority: 255 }),
    to: {
      advertAt: t(3100),
      answerAfter: t(3010),
      announceAt: [t(3100), t(4000)],
      contestAfter: t(4000),
    },
    effects: [send(255), ...contest()],
  },
  {
    name: 'master/advert/release-is-answered-at-once',
    from: master,
    on: heard(0, below),
    to: contested,
    effects: [send(100), announce('contested')],
  },
  {
    name: 'master/advert/release-after-a-contest-is-answered-only',
    from: { ...master, contestAfter: t(2000), announceAt: [t(2000)] },
    on: heard(0, below),
    to: { advertAt: t(1150), answerAfter: t(1060) },
    effects: [send(100)],
  },
  {
    name: 'master/advert/release-long-enough-after-a-contest',
    from: { ...answered, advertAt: t(2050) },
    on: heard(0, below),
    at: 2000,
    to: {
      advertAt: t(2100),
      answerAfter: t(2010),
      announceAt: [t(2100), t(3000)],
      contestAfter: t(3000),
    },
    effects: [send(100), announce('contested')],
  },
  {
    name: 'master/advert/release-answered-just-now-waits-for-the-pause',
    from: answered,
    on: heard(0, below),
    to: { advertAt: t(1055) },
  },
  {
    name: 'master/advert/release-advert-due-before-the-pause-is-over',
    from: { ...answered, advertAt: t(1052) },
    on: heard(0, below),
  },
  {
    name: 'master/advert/second-path-release',
    from: master,
    on: heard(0, above, { secondPath: true }),
  },
  {
    name: 'master/advert/second-path-higher',
    from: master,
    on: heard(200, above, { secondPath: true }),
  },
  {
    name: 'master/advert/second-path-equal',
    from: master,
    on: heard(100, above, { secondPath: true }),
  },
  {
    name: 'master/advert/second-path-lower',
    from: master,
    on: heard(50, above, { secondPath: true }),
  },
]

export const masterAdvertRows: readonly Row[] = rows.map(row => ({ at: 1050, ...row }))
