/** `global_defs`, and the words about the daemon that stand at the root. */

import { mailTable } from './import-mail.ts'
import type { Handler, Json, Site, Table } from './import-site.ts'
import { nameIn, readBlock } from './import-site.ts'
import {
  each,
  ignored,
  multicastGroup,
  time,
  unsupported,
  whole,
  wordOf,
  yes,
} from './import-words.ts'
import type { Entry } from './tree.ts'

type Here = { readonly site: Site }

const ours = 'Diarch looks after its own processes'

const forRouters =
  (read: (site: Site, entry: Entry) => Json | null): Handler<Here> =>
  (entry, { site }) => {
    const found = read(site, entry)
    if (found === null) return undefined
    Object.assign(site.globals.router, found)
    return said(site, entry)
  }

const forAnnouncements =
  (key: string, read: (site: Site, entry: Entry) => unknown): Handler<Here> =>
  (entry, { site }) => {
    const value = read(site, entry)
    if (value === undefined) return undefined
    site.globals.announce[key] = value
    return said(site, entry)
  }

function said({ notes }: Site, entry: Entry): undefined {
  if (!notes.has(entry)) notes.translated(entry, 'it stands in each virtual router')
  return undefined
}

const keyed = (key: string, value: unknown): Json | null =>
  value === null ? null : { [key]: value }

export const repeat = (site: Site, entry: Entry) =>
  whole(site, entry, wordOf(entry), 1, 100) ?? undefined

export const delay = (site: Site, entry: Entry) =>
  time(site, entry, wordOf(entry), ['0s', '1h']) ?? undefined

/** 0 is never. */
export const refresh = (site: Site, entry: Entry) =>
  Number(wordOf(entry)) === 0
    ? null
    : (time(site, entry, wordOf(entry), ['1s', '24h']) ?? undefined)

export const spacing = (site: Site, entry: Entry) =>
  time(site, entry, wordOf(entry), ['0s', '1s']) ?? undefined

const multicast =
  (family: 'inet' | 'inet6'): Handler<Here> =>
  (entry, { site }) => {
    const found = multicastGroup(site, entry)
    if (found !== null) {
      site.globals.multicast[family] = found
      said(site, entry)
    }
    return undefined
  }

const strict: Handler<Here> = (entry, { site }) => {
  if (yes(site, entry) !== true) return undefined
  site.globals.strict = entry
  const text =
    'there is no strict mode here. With it keepalived drops passwords, unicast peers and ' +
    'preempt_delay, wants an address in each instance, and drops packets to the virtual ' +
    'addresses (no ping). Here what is written counts; passwords are left out as keepalived does'
  site.notes.translated(entry, text)
  return undefined
}

const fifo: Handler<Here> = (entry, { site }) => {
  site.notify.fifo = wordOf(entry)
  if (entry.words.length > 1) {
    site.notes.translated(entry, 'the owner of the pipe is left out', 'cluster.notify.fifo')
  }
  return 'cluster.notify.fifo'
}

const timeouts: Handler<Here> = (entry, { site }) => {
  const keys: Record<string, string> = { tcp: 'tcp', tcpfin: 'tcpFin', udp: 'udp' }
  const found: Json = {}
  for (let at = 0; at < entry.words.length; at += 2) {
    const key = keys[wordOf(entry, at)]
    const value = time(site, entry, wordOf(entry, at + 1), ['1s', '744h'])
    if (key === undefined) {
      site.notes.unsupported(entry, `"${wordOf(entry, at)}" is not tcp, tcpfin or udp`)
    } else if (value !== null) found[key] = value
  }
  site.director.timeouts = found
  return 'cluster.director.timeouts'
}

/** `IF [[inst] ROUTER] [id N] [maxlen N] [port N] [ttl N] [group IP]` */
const syncDaemon: Handler<Here> = (entry, { site }) => {
  const [name, ...words] = entry.words
  const sync: Json = {}
  const numbers: Record<string, readonly [string, number, number]> = {
    id: ['id', 0, 255],
    maxlen: ['mostBytes', 512, 65_487],
    port: ['port', 1, 65_535],
    ttl: ['ttl', 1, 255],
  }
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] ?? ''
    const number = numbers[word]
    if (number !== undefined) {
      at += 1
      const value = whole(site, entry, words[at] ?? '', number[1], number[2])
      if (value !== null) sync[number[0]] = value
    } else if (word === 'group') {
      at += 1
      sync.group = words[at]
    } else if (word !== 'inst') sync.router = nameIn({}, word)
  }
  site.director.sync = sync
  site.nodeDirector.sync = { interface: name }
  return 'cluster.director.sync'
}

const table: Table<Here> = {
  vrrp_version: (entry, { site }) => {
    const version = whole(site, entry, wordOf(entry), 2, 3)
    if (version === 2 || version === 3) {
      site.globals.version = version
      said(site, entry)
    }
    return undefined
  },
  vrrp_strict: strict,
  vrrp_mcast_group4: multicast('inet'),
  vrrp_mcast_group6: multicast('inet6'),
  vrrp_garp_master_delay: forAnnouncements('delay', delay),
  vrrp_garp_master_repeat: forAnnouncements('repeat', repeat),
  vrrp_garp_master_refresh: forAnnouncements('refresh', refresh),
  vrrp_garp_interval: forAnnouncements('spacing', spacing),
  vrrp_gna_interval: forAnnouncements('spacing', spacing),
  vrrp_down_timer_adverts: forRouters((site, entry) =>
    keyed('downAfter', whole(site, entry, wordOf(entry), 1, 100)),
  ),
  ...each(
    'vrrp_startup_delay vrrp_delay_after_boot',
    forRouters((site, entry) =>
      keyed('startDelay', time(site, entry, wordOf(entry), ['0s', '1000s'])),
    ),
  ),
  v3_checksum_as_v2: forRouters((site, entry) =>
    yes(site, entry) === true ? { checksum: 'without-pseudo-header' } : null,
  ),
  vrrp_notify_priority_changes: (entry, { site }) => {
    site.notify.priorityChanges = yes(site, entry) ?? false
    return 'cluster.notify.priorityChanges'
  },
  ...each('vrrp_notify_fifo notify_fifo', fifo),
  ...each(
    'notify_fifo_script vrrp_notify_fifo_script',
    unsupported('no program is started for the pipe: start it yourself, or use hooks'),
  ),
  ...each(
    'lvs_notify_fifo lvs_notify_fifo_script fifo_write_vrrp_states_on_reload',
    unsupported('the pipe has only virtual routers: for services use notifyUp and notifyDown'),
  ),
  script_user: (entry, { site }) => {
    site.globals.scriptUser = wordOf(entry)
    const group = entry.words.length > 1 ? `; the group ${wordOf(entry, 1)} is left out` : ''
    site.notes.translated(entry, `it stands in each script, hook and check${group}`)
    return undefined
  },
  lvs_timeouts: timeouts,
  lvs_sync_daemon: syncDaemon,
  ...each('router_id lvs_id', ignored('only mails and SNMP of keepalived have it')),
  ...mailTable,
  ...each(
    'enable_script_security set_supplementary_groups',
    ignored('scripts that others can write are never run as root here'),
  ),
  ...each(
    'snmp_socket enable_traps enable_snmp_vrrp enable_snmp_keepalived enable_snmp_rfc ' +
      'enable_snmp_rfcv2 enable_snmp_rfcv3 enable_snmp_checker snmp_vs_stats_update_interval ' +
      'snmp_rs_stats_update_interval',
    unsupported('who may ask by SNMP is in cluster.snmp; there are no traps: see monitoring.md'),
  ),
  ...each(
    'enable_dbus dbus_service_name dbus_no_interface_name',
    unsupported('there is no D-Bus here: use the API'),
  ),
  ...each(
    'process_names process_name vrrp_process_name checker_process_name lvs_process_name ' +
      'bfd_process_name vrrp_priority vrrp_no_swap vrrp_rt_priority vrrp_cpu_affinity ' +
      'vrrp_rlimit_rttime vrrp_rlimit_rtime checker_priority checker_no_swap ' +
      'checker_rt_priority checker_cpu_affinity checker_rlimit_rttime checker_rlimit_rtime ' +
      'bfd_priority bfd_no_swap bfd_rt_priority bfd_cpu_affinity bfd_rlimit_rttime ' +
      'bfd_rlimit_rtime max_auto_priority min_auto_priority_delay umask random_seed ' +
      'child_wait_time use_pid_dir instance use_symlink_paths tmp_config_directory ' +
      'config_save_dir data_use_instance json_version iproute_usr_dir iproute_etc_dir ' +
      'state_dump_file stats_dump_file json_dump_file checker_log_all_failures ' +
      'log_unknown_vrids',
    ignored(ours),
  ),
  ...each(
    'vrrp_netlink_cmd_rcv_bufs vrrp_netlink_cmd_rcv_bufs_force vrrp_netlink_monitor_rcv_bufs ' +
      'vrrp_netlink_monitor_rcv_bufs_force process_monitor_rcv_bufs ' +
      'process_monitor_rcv_bufs_force lvs_netlink_cmd_rcv_bufs lvs_netlink_cmd_rcv_bufs_force ' +
      'lvs_netlink_monitor_rcv_bufs lvs_netlink_monitor_rcv_bufs_force vrrp_rx_bufs_policy ' +
      'vrrp_rx_bufs_multiplier',
    ignored('buffers are sized by Diarch itself'),
  ),
  ...each(
    'reload_check_config reload_time_file reload_repeat reload_file include_check',
    ignored('a document that is not valid is never loaded here'),
  ),
  ...each(
    'vrrp_iptables vrrp_ipsets nftables nftables_priority nftables_ifindex nftables_counters ' +
      'namespace_with_ipsets disable_local_igmp',
    ignored('Diarch makes the firewall rules that it needs itself'),
  ),
  ...each(
    'nftables_ipvs nftables_ipvs_priority nftables_ipvs_start_fwmark',
    ignored('each endpoint of a group is a service of the kernel here'),
  ),
  ...each(
    'net_namespace net_namespace_ipvs',
    unsupported('Diarch runs in the namespace it is started in: start it there'),
  ),
  ...each(
    'startup_script startup_script_timeout shutdown_script shutdown_script_timeout',
    unsupported('nothing is run at start and stop: let the unit of the service do it'),
  ),
  ...each(
    'vrrp_garp_master_refresh_repeat vrrp_garp_lower_prio_delay vrrp_garp_lower_prio_repeat ' +
      'vrrp_min_garp vrrp_garp_extra_if vrrp_vmac_garp_intvl',
    ignored('announcements have one burst, one delay and one refresh here'),
  ),
  ...each(
    'vrrp_lower_prio_no_advert vrrp_higher_prio_send_advert vrrp_owner_ignore_adverts ' +
      'vrrp_check_unicast_src vrrp_skip_check_adv_addr',
    ignored('how another master is answered cannot be chosen here'),
  ),
  ...each(
    'lvs_flush lvs_flush_on_stop lvs_flush_onstop rs_init_notifies',
    ignored('Diarch owns the whole IPVS table, and keeps it while it restarts'),
  ),
  ...each('vmac_prefix vmac_addr_prefix', ignored('macvlans are named by Diarch')),
  ...each(
    'dynamic_interfaces linkbeat_use_polling default_interface',
    ignored('interfaces may come and go here, and the kernel tells of their links'),
  ),
}

export const globalDefs: Handler<Here> = (entry, here) => {
  readBlock(entry.block ?? [], table, here)
  if (!here.site.notes.has(entry)) here.site.notes.applied(entry, null)
  return undefined
}

/** They stand at the root since keepalived 1.x. */
export const rootGlobals: Table<Here> = Object.fromEntries(
  (
    'child_wait_time instance use_pid_dir net_namespace net_namespace_ipvs ' +
    'namespace_with_ipsets linkbeat_use_polling include_check'
  )
    .split(' ')
    .map(name => [name, table[name] ?? ignored(ours)]),
)
