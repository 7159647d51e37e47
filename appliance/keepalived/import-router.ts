/** `vrrp_instance`: what is the same on both boxes goes to the cluster, the rest to this node. */

import { pathText } from '../config/path.ts'
import type { Family } from '../values/ip-address.ts'
import { addressList } from './import-addresses.ts'
import { authentication, authHmac, settlePassword } from './import-authentication.ts'
import { delay, refresh, repeat, spacing } from './import-globals.ts'
import { notify } from './import-notify.ts'
import { routeList, ruleList } from './import-routes.ts'
import type { Handler, Json, Site, Table, Target } from './import-site.ts'
import { nameIn, readBlock } from './import-site.ts'
import { settleTiming } from './import-timing.ts'
import { tracking } from './import-trackers.ts'
import {
  address,
  each,
  firstAlone,
  ignored,
  isWhole,
  multicastGroup,
  timeKey,
  unsupported,
  whole,
  wholeKey,
  wordKey,
  wordOf,
  yes,
} from './import-words.ts'
import type { Entry } from './tree.ts'

export type RouterTarget = Target & {
  readonly own: Json
  readonly ownPath: string
  /** Whose notify scripts these are. */
  readonly of: Json
  readonly track: Json[]
  readonly addresses: { readonly json: Json; readonly line: Entry; readonly family: Family }[]
  /** Of `addresses`. */
  readonly known: Set<string>
  readonly routes: Json[]
  readonly rules: Json[]
  readonly announce: Json
  peers: string[] | null
  readonly unicast: Json
  version: { readonly entry: Entry; readonly value: number } | null
  interval: Entry | null
  master: Entry | null
  /** nopreempt and preempt_delay, which need the state BACKUP. */
  readonly waiting: Entry[]
  password: { readonly entry: Entry; readonly text: string } | null
  family: Family | null
  strict: Entry | null
}

const announcing =
  (key: string, read: (site: Site, entry: Entry) => unknown): Handler<RouterTarget> =>
  (entry, { site, path, announce }) => {
    const value = read(site, entry)
    if (value !== undefined) announce[key] = value
    return `${path}.announce.${key}`
  }

const ownSource: Handler<RouterTarget> = (entry, { site, own, ownPath }) => {
  const found = address(site, entry, wordOf(entry))
  if (found !== null) own.source = found
  return `${ownPath}.source`
}

/** Each on a line of its own, or several on one. */
const unicastPeers: Handler<RouterTarget> = (entry, to) => {
  const { site, ownPath } = to
  to.peers ??= []
  for (const line of entry.block ?? []) {
    const words = [line.keyword, ...line.words]
    for (let at = 0; at < words.length; at += 1) {
      const word = words[at] ?? ''
      if (word === 'min_ttl' || word === 'max_ttl') {
        at += 1
        if (word === 'min_ttl') {
          const ttl = whole(site, line, words[at] ?? '', 1, 255)
          if (ttl !== null) to.unicast.leastTtl = ttl
        } else site.notes.translated(line, 'max_ttl is left out: only a least one is here')
        continue
      }
      const found = address(site, line, word)
      if (found !== null) to.peers.push(found)
    }
    if (!site.notes.has(line)) site.notes.applied(line, `${ownPath}.unicast.peers`)
  }
  if (to.unicast.leastTtl === undefined) {
    const text =
      'keepalived takes adverts of peers with any TTL, and so "leastTtl" is 1: for peers on the ' +
      'same network write 255'
    site.notes.translated(entry, text, `${ownPath}.unicast.peers`)
  }
  return `${ownPath}.unicast.peers`
}

const table: Table<RouterTarget> = {
  ...(tracking as Table<RouterTarget>),
  ...(notify as Table<RouterTarget>),
  state: (entry, to) => {
    const { site } = to
    if (wordOf(entry) !== 'MASTER') {
      if (wordOf(entry) !== 'BACKUP') {
        const text = `expected MASTER or BACKUP, not "${wordOf(entry)}": keepalived takes BACKUP`
        site.notes.translated(entry, text)
      } else site.notes.ignored(entry, 'every router begins as backup, and the priority decides')
      return undefined
    }
    to.master = entry
    const text =
      'every router begins as backup, and the priority decides: below 255 keepalived does not ' +
      'start as master either, it waits like a backup'
    site.notes.translated(entry, text)
    return undefined
  },
  interface: (entry, to) => {
    const at = `${to.path}.interface`
    if (wordOf(entry) !== '') return wordKey<RouterTarget>('interface')(entry, to)
    to.site.notes.refused(entry, 'expected the name of an interface: a router needs one', at)
    return at
  },
  virtual_router_id: (entry, to) => {
    const at = `${to.path}.virtualRouterId`
    if (isWhole(wordOf(entry), 1, 255)) {
      return wholeKey<RouterTarget>('virtualRouterId', 1, 255)(entry, to)
    }
    const text = `expected a whole number from 1 to 255, not "${wordOf(entry)}": a router needs one`
    to.site.notes.refused(entry, text, at)
    return at
  },
  priority: (entry, { site, own, ownPath }) => {
    const priority = whole(site, entry, wordOf(entry), 1, 255)
    if (priority !== null) own.priority = priority
    firstAlone(site, entry)
    return `${ownPath}.priority`
  },
  ...each('version vrrp_version', (entry, to) => {
    const value = whole(to.site, entry, wordOf(entry), 2, 3)
    if (value !== null) to.version = { entry, value }
    return `${to.path}.version`
  }),
  native_ipv6: (_entry, to) => {
    to.family = 'inet6'
    return `${to.path}.family`
  },
  advert_int: (entry, to) => {
    to.interval = entry
    return `${to.path}.advertInterval`
  },
  down_timer_adverts: wholeKey('downAfter', 1, 100),
  preempt: (entry, to) => {
    const value = yes(to.site, entry)
    if (value === false) to.waiting.push(entry)
    if (value !== null) to.json.preempt = value
    return `${to.path}.preempt`
  },
  nopreempt: (entry, to) => {
    to.waiting.push(entry)
    to.json.preempt = false
    return `${to.path}.preempt`
  },
  preempt_delay: (entry, to) => {
    to.waiting.push(entry)
    return timeKey<RouterTarget>('preemptDelay', '0s', '1000s')(entry, to)
  },
  virtual_ipaddress: addressList(true),
  virtual_ipaddress_excluded: addressList(false),
  no_virtual_ipaddress: (_entry, { path }) => `${path}.virtualAddresses`,
  virtual_routes: routeList,
  virtual_rules: ruleList,
  authentication,
  auth_hmac: authHmac,
  unicast_peer: unicastPeers,
  unicast_ttl: (entry, to) => {
    const ttl = whole(to.site, entry, wordOf(entry), 1, 255)
    if (ttl !== null) to.unicast.ttl = ttl
    return `${to.path}.unicast.ttl`
  },
  ...each('unicast_src_ip mcast_src_ip', ownSource),
  mcast_dst_ip: (entry, { site, path, json }) => {
    const found = multicastGroup(site, entry)
    if (found !== null) json.multicastGroup = found
    return `${path}.multicastGroup`
  },
  garp_master_delay: announcing('delay', delay),
  garp_master_repeat: announcing('repeat', repeat),
  garp_master_refresh: announcing('refresh', refresh),
  ...each('garp_interval gna_interval', announcing('spacing', spacing)),
  v3_checksum_as_v2: (entry, { site, path, json }) => {
    if (yes(site, entry) === true) json.checksum = 'without-pseudo-header'
    return `${path}.checksum`
  },
  use_vmac: (entry, { site, path, json }) => {
    json.virtualMac = true
    if (entry.words.length > 0) {
      const text = 'name and address of the macvlan are given by Diarch'
      site.notes.translated(entry, text, `${path}.virtualMac`)
    }
    return `${path}.virtualMac`
  },
  strict_mode: (entry, to) => {
    if (yes(to.site, entry) === true) to.strict = entry
    to.site.notes.translated(entry, 'there is no strict mode here: what is written counts')
    return undefined
  },
  lvs_sync_daemon_interface: (entry, { site, of }) => {
    site.director.sync = { ...of }
    site.nodeDirector.sync = { interface: wordOf(entry) }
    return 'cluster.director.sync'
  },
  use_ipvlan: unsupported('there is no ipvlan here: "virtualMac" gives a macvlan'),
  use_vmac_addr: unsupported('"virtualMac" is for all addresses of a router'),
  vrf: unsupported('routers in a VRF are not here: let "interface" be one in it'),
  track_src_ip: unsupported('track the interface that has the address'),
  dont_track_primary: unsupported('a router is always in FAULT while its interface is down'),
  ...each('timer_expired_backup thread_timer_expired', ignored('a late master asks first here')),
  no_accept: (_entry, { path, json }) => {
    json.accept = false
    return `${path}.accept`
  },
  accept: ignored('packets to the virtual addresses are taken'),
  ...each('unicast_fault_no_peer check_unicast_src', ignored('only peers are heard here')),
  ...each(
    'garp_master_refresh_repeat garp_lower_prio_delay garp_lower_prio_repeat garp_extra_if ' +
      'vmac_garp_intvl',
    ignored('announcements have one burst, one delay and one refresh here'),
  ),
  ...each(
    'lower_prio_no_advert higher_prio_send_advert owner_ignore_adverts skip_check_adv_addr',
    ignored('how another master is answered cannot be chosen here'),
  ),
  ...each(
    'vmac_xmit_base promote_secondaries linkbeat_use_polling kernel_rx_buf_size debug ' +
      'old_unicast_checksum',
    ignored('Diarch does this by itself, or has no need of it'),
  ),
}

const defaultsText =
  "keepalived's own defaults are written out: version, advert interval, no refresh of " +
  'announcements, and a backup that takes over after its skew time. With two Diarch boxes and ' +
  'nothing else "handover": "at-once" and version 3 with "100ms" are faster'

export const router: Handler<{ readonly site: Site }> = (entry, { site }) => {
  const given = wordOf(entry)
  const name = nameIn(site.routers, given)
  const path = pathText(['cluster', 'routers', name])
  const json: Json = {}
  const own: Json = {}
  site.routers[name] = json
  site.nodeRouters[name] = own
  site.routersHere.set(given, name)
  const to: RouterTarget = {
    ...{
      site,
      path,
      json,
      own,
      ownPath: pathText(['node', 'routers', name]),
      of: { router: name },
    },
    ...{
      track: [],
      addresses: [],
      known: new Set(),
      routes: [],
      rules: [],
      unicast: {},
      peers: null,
    },
    ...{ version: null, interval: null, master: null, waiting: [], password: null },
    ...{ family: null, strict: site.globals.strict, announce: { ...site.globals.announce } },
  }
  Object.assign(json, site.globals.router)
  readBlock(entry.block ?? [], table, to)
  settle(to)
  const renamed = name === given ? '' : `it is called ${name} here. `
  const [first = name] = site.routersHere.values()
  const defaults = first === name ? defaultsText : `defaults are written out as those of ${first}`
  site.notes.translated(entry, renamed + defaults, path)
  return undefined
}

const isAdvertised = ({ json }: { readonly json: Json }): boolean => json.advertised !== false

function settle(to: RouterTarget): void {
  const { site, path, json, own, addresses } = to
  const family = to.family ?? addresses[0]?.family ?? 'inet'
  if (to.family !== null) json.family = to.family
  for (const { json: each, line, family: other } of addresses) {
    if (other === family || each.advertised === false) continue
    each.advertised = false
    const text = 'adverts have one family: it moves with the router and is not in its adverts'
    site.notes.translated(line, text, `${path}.virtualAddresses`)
  }
  // RFC 9568 5.2.5: one byte counts them. keepalived excludes the others in the same way.
  for (const { json: each, line } of addresses.filter(isAdvertised).slice(255)) {
    each.advertised = false
    const text = 'an advert has room for 255 addresses: it moves with the router and is not in it'
    site.notes.translated(line, text, `${path}.virtualAddresses`)
  }
  // With a macvlan `dev` chooses between it and the interface below it.
  for (const { json: each } of json.virtualMac === true ? [] : addresses) {
    if (each.interface === json.interface) delete each.interface
  }
  json.virtualAddresses = addresses.map(({ json: each }) =>
    Object.keys(each).length === 1 ? each.address : each,
  )
  const version = settleTiming(to, family)
  settlePassword(to, version, to.strict)
  json.handover = 'after-skew'
  json.announce = { refresh: null, ...to.announce }
  const group = site.globals.multicast[family]
  if (group !== undefined && to.peers === null) json.multicastGroup ??= group
  if (to.peers !== null && to.peers.length > 0) {
    json.unicast = { leastTtl: 1, ...to.unicast }
    own.unicast = { peers: to.peers }
    delete json.multicastGroup
  }
  if (to.routes.length > 0) json.virtualRoutes = to.routes
  if (to.rules.length > 0) json.virtualRules = to.rules
  if (to.track.length > 0) json.track = to.track
}
