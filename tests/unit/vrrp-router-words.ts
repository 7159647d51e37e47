import { type Duration, instant, milliseconds } from '../../appliance/values/duration.ts'
import { type IpAddress, ipAddress } from '../../appliance/values/ip-address.ts'
import type { Advert } from '../../appliance/vrrp/advert.ts'
import type { RouterConfig, VirtualAddress } from '../../appliance/vrrp/router-config.ts'
import type {
  AnnounceReason,
  BackupState,
  Circumstances,
  HeardMaster,
  MasterState,
  Notice,
  RouterEffect,
  RouterInput,
  RouterState,
} from '../../appliance/vrrp/router-state.ts'

/** States, inputs and effects by short names, so that the tables read as tables. */

export const t = instant
export const ms = milliseconds

export const self = ipAddress('192.0.2.10')
export const above = ipAddress('192.0.2.20')
export const below = ipAddress('192.0.2.5')

export const address = (text: string): VirtualAddress => ({
  prefix: { address: ipAddress(text), length: 24 },
  interface: null,
  label: null,
  scope: 'global',
  advertised: true,
})

/** Skew 60.9375 ms, down interval 360.9375 ms. */
export const config: RouterConfig = {
  name: 'web',
  interface: 'eth0',
  vrid: 51,
  version: 3,
  family: 'inet',
  priority: 100,
  interval: ms(100),
  downAfter: 3,
  preempt: true,
  preemptDelay: ms(0),
  startDelay: ms(0),
  handover: 'at-once',
  transport: { kind: 'multicast', group: ipAddress('224.0.0.18') },
  source: null,
  authentication: { kind: 'none' },
  checksum: 'with-pseudo-header',
  addresses: [address('192.0.2.100')],
  routes: [],
  rules: [],
  announcing: { repeat: 5, delay: ms(5000), refresh: null, spacing: ms(0) },
  tracks: [],
  syncGroup: null,
  virtualMac: false,
  secondPaths: [],
}

export const here: Circumstances = {
  config,
  priority: 100,
  faults: [],
  self,
  leastSilence: ms(0),
  heldBack: null,
}

/** The same, but for this: `priority` is the effective one, the rest belongs to the config. */
export const having = (
  change: Partial<RouterConfig>,
  circumstances: Partial<Circumstances> = {},
): Circumstances => ({ ...here, config: { ...config, ...change }, ...circumstances })

export const nopreempt = having({ preempt: false })
export const owner = having({ priority: 255 }, { priority: 255 })
export const broken: Circumstances = { ...here, faults: ['eth0: no carrier'] }
/** Skew 609.375 ms, down interval 3609.375 ms. */
export const old = having({ version: 2, interval: ms(1000) })

export const initialize: RouterState = {
  kind: 'initialize',
  since: t(0),
  why: 'vrrpd has started',
  startsAt: null,
}
export const delayed: RouterState = {
  ...initialize,
  why: 'waits for its start delay of 2 s',
  startsAt: t(2000),
}
export const fault: RouterState = { kind: 'fault', since: t(0), why: 'eth0: no carrier' }

export const peer: HeardMaster = { address: above, priority: 150, interval: ms(100) }
export const lowPeer: HeardMaster = { ...peer, priority: 50 }

/** Last heard at 1000. */
export const backup: BackupState = {
  kind: 'backup',
  since: t(0),
  why: 'before',
  masterDownAt: t(1360.9375),
  master: peer,
  masterSince: t(500),
  released: false,
  preemptAt: null,
  patient: false,
  heldUntil: null,
}
export const alone: BackupState = { ...backup, master: null, masterSince: null }

/** As it is right after becoming one. */
export const freshBackup = (at: number, change: Partial<BackupState> = {}): BackupState => ({
  ...alone,
  since: t(at),
  masterDownAt: t(at + 360.9375),
  ...change,
})

/** Its last advert went out at 1000. */
export const master: MasterState = {
  kind: 'master',
  since: t(0),
  why: 'before',
  advertAt: t(1100),
  announceAt: [],
  answerAfter: t(0),
  contestAfter: t(0),
  listens: false,
}

/** The bursts that follow when a master fell silent: the first may be lost as its adverts were. */
export const afterSilence = (at: number) => [1000, 2000, 5000].map(later => t(at + later))

export const freshMaster = (at: number, change: Partial<MasterState> = {}): MasterState => ({
  ...master,
  since: t(at),
  advertAt: t(at + 100),
  announceAt: [t(at + 5000)],
  answerAfter: t(at),
  contestAfter: t(at),
  ...change,
})

export const heard = (
  priority: number,
  source: IpAddress,
  change: Partial<Advert> & { secondPath?: boolean } = {},
) => {
  const { secondPath = false, ...rest } = change
  const advert: Advert = {
    version: 3,
    family: 'inet',
    vrid: 51,
    priority,
    interval: ms(100),
    addresses: [ipAddress('192.0.2.100')],
    ...rest,
  }
  return { input: 'AdvertReceived', advert, source, secondPath } as const
}

export const Started = { input: 'Started' } as const
export const Due = { input: 'TimerDue', stoodStill: false } as const
export const DueAfterStandstill = { input: 'TimerDue', stoodStill: true } as const
export const changedFrom = (before: Circumstances) => ({ input: 'Changed', before }) as const
export const leads = (
  priority: number,
  address: IpAddress,
  { holds = ms(300), deaf = false }: { holds?: Duration; deaf?: boolean } = {},
) => ({ input: 'PeerSaid', word: { says: 'leads', priority, address, holds, deaf } }) as const
export const released = (address: IpAddress | null) =>
  ({ input: 'PeerSaid', word: { says: 'released', address } }) as const
export const Doubted = { input: 'PeerDoubted' } as const
export const Yielded = { input: 'Yielded', why: 'asked for', patient: true } as const
export const YieldedToGroup = { input: 'Yielded', why: 'sync group', patient: false } as const
export const Stopped = { input: 'Stopped', why: 'SIGTERM' } as const

export const send = (priority: number): RouterEffect => ({ effect: 'SendAdvert', priority })
export const hold: RouterEffect = { effect: 'HoldAddresses' }
export const release: RouterEffect = { effect: 'ReleaseAddresses' }
export const announce = (because: AnnounceReason): RouterEffect => ({ effect: 'Announce', because })
export const notice = (what: Notice): RouterEffect => ({ effect: 'Noticed', notice: what })
export const changed = (
  from: RouterState['kind'],
  to: RouterState['kind'],
  why: string,
): RouterEffect => ({ effect: 'StateChanged', from, to, why })

export const takenOver = (
  from: RouterState['kind'],
  why: string,
  priority = 100,
): readonly RouterEffect[] => [
  send(priority),
  hold,
  announce('took-over'),
  changed(from, 'master', why),
]

type Bare<I> = I extends unknown ? Omit<I, 'now'> : never

export type Row = {
  /** `state/input/condition` */
  readonly name: string
  readonly from: RouterState
  readonly on: Bare<RouterInput>
  readonly at?: number
  readonly here?: Circumstances
  /** What is other than before; a whole state where its kind is another; absent: it stays. */
  readonly to?: Partial<RouterState>
  readonly effects?: readonly RouterEffect[]
}
