import assert from 'node:assert/strict'
import { test } from 'node:test'
import { importKeepalived } from '../../appliance/keepalived/import.ts'
import type { Entry } from '../../appliance/keepalived/tree.ts'
import { entriesOf, looked, textAt } from './keepalived-import-words.ts'

/** Every word of keepalived 1.x to 2.4 that its parsers know, with those that it has forgotten. */
const global = `process_names process_name vrrp_process_name checker_process_name lvs_process_name
bfd_process_name use_symlink_paths set_supplementary_groups router_id notification_email_from
smtp_server smtp_helo_name smtp_connect_timeout notification_email smtp_alert startup_script
startup_script_timeout shutdown_script shutdown_script_timeout max_auto_priority
min_auto_priority_delay smtp_alert_vrrp smtp_alert_checker checker_log_all_failures
dynamic_interfaces no_email_faults default_interface disable_local_igmp v3_checksum_as_v2
lvs_timeouts lvs_flush lvs_flush_on_stop lvs_flush_onstop lvs_sync_daemon vrrp_mcast_group4
vrrp_mcast_group6 vrrp_garp_master_delay vrrp_garp_master_repeat vrrp_garp_master_refresh
vrrp_garp_master_refresh_repeat vrrp_garp_lower_prio_delay vrrp_garp_lower_prio_repeat
vrrp_down_timer_adverts vrrp_garp_interval vrrp_gna_interval vrrp_min_garp vrrp_garp_extra_if
vrrp_vmac_garp_intvl vrrp_lower_prio_no_advert vrrp_higher_prio_send_advert vrrp_version
vrrp_iptables vrrp_ipsets nftables nftables_priority nftables_ifindex vrrp_check_unicast_src
vrrp_skip_check_adv_addr vrrp_strict vrrp_priority vrrp_no_swap vrrp_rt_priority
vrrp_cpu_affinity vrrp_rlimit_rttime vrrp_rlimit_rtime nftables_ipvs nftables_ipvs_priority
nftables_ipvs_start_fwmark nftables_counters notify_fifo notify_fifo_script vrrp_notify_fifo
vrrp_notify_fifo_script vrrp_notify_priority_changes fifo_write_vrrp_states_on_reload
lvs_notify_fifo lvs_notify_fifo_script checker_priority checker_no_swap checker_rt_priority
checker_cpu_affinity checker_rlimit_rttime checker_rlimit_rtime bfd_priority bfd_no_swap
bfd_rt_priority bfd_cpu_affinity bfd_rlimit_rttime bfd_rlimit_rtime snmp_socket enable_traps
enable_snmp_vrrp enable_snmp_keepalived enable_snmp_rfc enable_snmp_rfcv2 enable_snmp_rfcv3
enable_snmp_checker snmp_vs_stats_update_interval snmp_rs_stats_update_interval enable_dbus
dbus_service_name dbus_no_interface_name script_user enable_script_security
vrrp_netlink_cmd_rcv_bufs vrrp_netlink_cmd_rcv_bufs_force vrrp_netlink_monitor_rcv_bufs
vrrp_netlink_monitor_rcv_bufs_force process_monitor_rcv_bufs process_monitor_rcv_bufs_force
lvs_netlink_cmd_rcv_bufs lvs_netlink_cmd_rcv_bufs_force lvs_netlink_monitor_rcv_bufs
lvs_netlink_monitor_rcv_bufs_force rs_init_notifies no_checker_emails vrrp_rx_bufs_policy
vrrp_rx_bufs_multiplier vrrp_startup_delay vrrp_delay_after_boot log_unknown_vrids
vrrp_owner_ignore_adverts vmac_prefix vmac_addr_prefix umask random_seed reload_check_config
reload_time_file reload_repeat reload_file include_check config_save_dir tmp_config_directory
data_use_instance json_version iproute_usr_dir iproute_etc_dir state_dump_file stats_dump_file
json_dump_file child_wait_time instance use_pid_dir net_namespace net_namespace_ipvs
namespace_with_ipsets linkbeat_use_polling lvs_id`

const notify = `notify_master notify_backup notify_fault notify_stop notify smtp_alert
notify_priority_changes track_interface track_script track_file track_process track_bfd`

const instance = `${notify} use_vmac use_vmac_addr vmac_xmit_base use_ipvlan unicast_peer
unicast_fault_no_peer check_unicast_src old_unicast_checksum native_ipv6 state vrf interface
dont_track_primary mcast_src_ip unicast_src_ip mcast_dst_ip track_src_ip virtual_router_id
unicast_ttl version priority advert_int virtual_ipaddress virtual_ipaddress_excluded
no_virtual_ipaddress promote_secondaries linkbeat_use_polling v3_checksum_as_v2 virtual_routes
virtual_rules accept no_accept skip_check_adv_addr strict_mode preempt nopreempt preempt_delay
debug notify_deleted notify_master_rx_lower_pri lvs_sync_daemon_interface garp_master_delay
garp_master_refresh garp_master_repeat garp_master_refresh_repeat garp_lower_prio_delay
garp_lower_prio_repeat down_timer_adverts timer_expired_backup thread_timer_expired garp_extra_if
vmac_garp_intvl lower_prio_no_advert higher_prio_send_advert owner_ignore_adverts
kernel_rx_buf_size authentication auth_hmac`

const pace = 'alpha connect_timeout retry delay_before_retry warmup delay_loop'
const connection = `${pace} connect_ip connect_port bindto bind_port bind_if fwmark
log_all_failures nb_get_retry`
const virtual = `${pace} ip_family inhibit_on_failure lb_algo lvs_sched hashed ops flag-1 flag-2
flag-3 sh-port sh-fallback mh-port mh-fallback lb_kind lvs_method persistence_engine
persistence_timeout persistence_granularity protocol ha_suspend smtp_alert virtualhost snmp_name
omega quorum_up quorum_down quorum hysteresis weight sorry_server sorry_server_inhibit
sorry_server_lvs_method real_server nat_mask`
const real = `${pace} weight lvs_method lb_kind uthreshold lthreshold inhibit_on_failure
notify_up notify_down smtp_alert virtualhost snmp_name TCP_CHECK HTTP_GET SSL_GET SMTP_CHECK
DNS_CHECK MISC_CHECK UDP_CHECK PING_CHECK FILE_CHECK BFD_CHECK`

const inServer = (checker: string) => `virtual_server 192.0.2.1 80 {
real_server 10.0.0.1 80 { ${checker}`

const blocks: readonly (readonly [start: string, words: string, end: string])[] = [
  [
    '',
    `SSL bfd_instance child_wait_time garp_group global_defs instance interface_up_down_delays
linkbeat_interfaces linkbeat_use_polling namespace_with_ipsets net_namespace net_namespace_ipvs
static_ipaddress static_routes static_rules track_file track_group use_pid_dir virtual_server
virtual_server_group vrrp_instance vrrp_script vrrp_sync_group vrrp_track_file
vrrp_track_process`,
    '',
  ],
  ['global_defs {', global, '}'],
  ['vrrp_instance A {', instance, '}'],
  ['vrrp_instance A { authentication {', 'auth_type auth_pass', '} }'],
  ['vrrp_instance A { auth_hmac {', 'key active_key time_window anti_replay mode', '} }'],
  ['vrrp_sync_group G {', `${notify} group global_tracking sync_group_tracking_weight`, '}'],
  ['vrrp_script S {', 'script interval timeout weight rise fall user init_fail', '}'],
  [
    'vrrp_track_process P {',
    `process param_match weight quorum quorum_max delay terminate_delay fork_delay full_command`,
    '}',
  ],
  ['track_file F {', 'file weight init_file', '}'],
  [
    'bfd_instance B {',
    `source_ip neighbor_ip neighbour_ip min_rx min_tx idle_tx multiplier passive ttl hoplimit
max_hops multihop weight vrrp checker`,
    '}',
  ],
  ['virtual_server 192.0.2.1 80 {', virtual, '}'],
  [inServer(''), real, '} }'],
  [inServer('TCP_CHECK {'), connection, '} } }'],
  [inServer('PING_CHECK {'), connection, '} } }'],
  [
    inServer('HTTP_GET {'),
    `${connection} virtualhost http_protocol enable_sni sni_name fast_recovery tls_compliant url`,
    '} } }',
  ],
  [
    inServer('SSL_GET { url {'),
    `path digest status_code virtualhost regex regex_no_match regex_options regex_min_offset
regex_max_offset regex_stack tls_compliant`,
    '} } } }',
  ],
  [inServer('SMTP_CHECK {'), `${connection} helo_name host`, '} } }'],
  [inServer('DNS_CHECK {'), `${connection} type name`, '} } }'],
  [inServer('MISC_CHECK {'), `${pace} misc_path misc_timeout misc_dynamic user`, '} } }'],
  [
    inServer('UDP_CHECK {'),
    `${connection} payload require_reply min_reply_length max_reply_length`,
    '} } }',
  ],
  [inServer('FILE_CHECK {'), 'track_file weight', '} } }'],
  [inServer('BFD_CHECK {'), 'name alpha', '} } }'],
]

function all(entries: readonly Entry[]): readonly Entry[] {
  return entries.flatMap(entry => [entry, ...all(entry.block ?? [])])
}

const forgotten = /no version of keepalived|nothing here reads/

for (const [start, words, end] of blocks) {
  test(`each keyword has a place: ${start.replaceAll('\n', ' ') || 'the root'}`, () => {
    for (const word of words.split(/\s+/)) {
      for (const value of ['', '1', 'x y z', '{\nx 1 { y }\n}']) {
        const text = `${start}\n${word} ${value}\n${end}`
        const entries = entriesOf(text)
        const { findings } = importKeepalived(entries)
        for (const { line: at, keyword } of all(entries)) {
          const here = findings.filter(({ place }) => place.line === at)
          assert.ok(here.length > 0, `${keyword} of: ${text}`)
        }
        const line = start === '' ? 2 : start.split('\n').length + 1
        const said = textAt(findings, line)
        if (value === '1') assert.doesNotMatch(said, forgotten, text)
      }
    }
  })
}

test('what nobody knows is said, with the word that was meant and all in its braces', () => {
  const { said, findings } = looked(`vrrp_instnce A {
state MASTER
virtual_ipaddress {
192.0.2.1
}
}
vrrp_instance B { prioritty 5 }
raise 5`)
  const unsupported = said.filter(text => text.endsWith('unsupported'))
  assert.deepEqual(
    unsupported,
    [1, 2, 3, 4, 7, 8].map(line => `${line} unsupported`),
  )
  assert.match(textAt(findings, 1), /did you mean vrrp_instance\?/)
  assert.match(textAt(findings, 7), /did you mean priority\?/)
})

test('findings come in the order of the lines', () => {
  const { findings } = looked(`virtual_server 192.0.2.1 80 {
delay_loop 5
}
vrrp_script a {
script "/bin/a"
}
global_defs {
router_id x
}`)
  const lines = findings.map(({ place }) => place.line)
  assert.deepEqual(
    lines,
    [...lines].sort((a, b) => a - b),
  )
})

test('lines that are only applied are counted when nobody wants to see each', () => {
  const text = `vrrp_script a {
script "/bin/a"
}
virtual_server 192.0.2.1 80 {
protocol TCP
delay_loop 5
hashed
real_server 10.0.0.1 80 {
TCP_CHECK {
retry 2
}
}
}
raise 5`
  const entries = entriesOf(text)
  const every = importKeepalived(entries)
  const some = importKeepalived(entries, { everyLine: false })
  const remarkable = every.findings.filter(({ outcome }) => outcome !== 'applied')
  assert.deepEqual(
    remarkable.map(({ place }) => place.line),
    [7, 10, 14],
  )
  assert.deepEqual(some.findings, remarkable)
  assert.deepEqual([every.others, some.others], [0, every.findings.length - remarkable.length])
  assert.deepEqual(some.document, every.document)
})

test('a refusal is said at its line, also when nobody wants to see each', () => {
  const entries = entriesOf(`vrrp_instance V {
interface eth0
virtual_router_id 5
virtual_ipaddress { 192.0.2.1/24 }
}
vrrp_instance W {
interface eth0
virtual_router_id 5
virtual_ipaddress { 192.0.2.2/24 }
}`)
  const refusals = (everyLine: boolean) =>
    importKeepalived(entries, { everyLine }).findings.filter(({ outcome }) => outcome === 'refused')
  assert.equal(refusals(true).length, 1)
  assert.deepEqual(refusals(false), refusals(true))
  assert.equal(refusals(false)[0]?.place.line, 8)
})

test('--strict refuses what is not supported', () => {
  const entries = entriesOf('static_routes { 10.0.0.0/8 via 10.0.0.1 }')
  const outcomes = (strict: boolean) =>
    importKeepalived(entries, { strict }).findings.map(({ outcome }) => outcome)
  assert.deepEqual(outcomes(false), ['unsupported', 'unsupported'])
  assert.deepEqual(outcomes(true), ['refused', 'refused'])
})

test('nothing of it throws, whatever the words are', () => {
  const values = ['', '-1', '1e9', '::', '0.0.0.0', '"', '/', '(', '4294967296', '__proto__', '255']
  for (const [start, words, end] of blocks) {
    for (const word of words.split(/\s+/)) {
      const lines = values.map(value => `${word} ${value} ${value}`)
      importKeepalived(entriesOf(`${start}\n${lines.join('\n')}\n${end}`))
    }
  }
})
