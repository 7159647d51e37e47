/** Good inputs to begin with, and words that mean something. */

import { globSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { type Described, description } from '../../appliance/config/description.ts'

const top = resolve(import.meta.dirname, '../..')

/** Documents of this version and of older ones. */
export const documents: readonly unknown[] = [
  'docs/examples/*.json',
  'tests/unit/config/version-*/*.json',
].flatMap(pattern =>
  globSync(pattern, { cwd: top })
    .sort()
    .map(path => JSON.parse(readFileSync(resolve(top, path), 'utf8')))
    // Examples of other things lie there too.
    .filter(value => Object.hasOwn(value, 'cluster')),
)

/** keepalived's words that have a place here. */
export const keywords: readonly string[] = [...new Set(wordsOf(description()))].sort()

function wordsOf(node: Described): readonly string[] {
  const children = [
    ...Object.values(node.properties ?? {}),
    ...Object.values(node.$defs ?? {}),
    ...(node.anyOf ?? []),
    ...(node.oneOf ?? []),
    ...(node.items ? [node.items] : []),
    ...(node.additionalProperties ? [node.additionalProperties] : []),
  ]
  return [...(node.keepalived ?? []), ...children.flatMap(wordsOf)]
}

export const keepalivedFiles: readonly string[] = [
  `global_defs {
  router_id one
  vrrp_garp_master_delay 5
  script_user root
  enable_script_security
}
vrrp_script chk_nginx {
  script "/usr/bin/pgrep nginx"
  interval 2
  weight -20
  rise 2
  fall 2
}
vrrp_sync_group G { group { VI_1 VI_2 } }
vrrp_instance VI_1 {
  state MASTER
  interface eth0
  virtual_router_id 51
  priority 150
  advert_int 1
  authentication { auth_type PASS
 auth_pass 12345678 }
  virtual_ipaddress { 192.0.2.100/24 dev eth0 label eth0:1 }
  virtual_routes { default via 192.0.2.254 dev eth0 metric 100 }
  track_script { chk_nginx }
  track_interface { eth1 weight -10 }
  notify_master "/etc/keepalived/to-master.sh now"
}
vrrp_instance VI_2 {
  interface eth1
  virtual_router_id 52
  priority 150
  unicast_src_ip 2001:db8::1
  unicast_peer { 2001:db8::2 }
  virtual_ipaddress { 2001:db8::100/64 }
  version 3
}
`,
  `$VIP=192.0.2.10
virtual_server_group WEB {
  $\{VIP} 80
  192.0.2.20-25 443
  fwmark 7
}
virtual_server group WEB {
  delay_loop 6
  lb_algo wlc
  lb_kind DR
  persistence_timeout 50
  persistence_granularity 255.255.255.0
  protocol TCP
  quorum 2
  hysteresis 1
  quorum_up "/bin/true up"
  sorry_server 127.0.0.1
  real_server 10.0.0.1 80 {
    weight 3
    inhibit_on_failure
    HTTP_GET {
      url { path /index.html?a=b
 status_code 200-299
 digest 9b3a0c85a887a256d6939da88aabd8cd }
      url { path /x regex "ok|fine" }
      connect_timeout 3
      retry 3
      delay_before_retry 1
    }
  }
  real_server 10.0.0.2 80 {
    TCP_CHECK { connect_port 8080
 connect_timeout 2 }
    MISC_CHECK { misc_path "/bin/check 10.0.0.2"
 misc_timeout 4
 misc_dynamic
 user nobody }
    uthreshold 100
    lthreshold 50
  }
}
@one virtual_server 2001:db8::1 53 {
  protocol UDP
  ops
  lvs_sched rr
  lvs_method TUN type gue port 5555
  real_server 2001:db8::2 53 { DNS_CHECK { type A
 name example.org } }
  real_server 2001:db8::3 53 { SMTP_CHECK { helo_name me } }
}
bfd_instance b1 {
  neighbor_ip 10.0.1.1
}
~SEQ(n, 1, 3) virtual_server fwmark $n { real_server 10.0.1.$n { BFD_CHECK { name b$n } } }
`,
]

/** What is likely to go wrong where a text, a number or a list stands. */
export const oddValues: readonly unknown[] = [
  null,
  true,
  '',
  ' ',
  0,
  -1,
  1,
  255,
  256,
  65_535,
  65_536,
  4_294_967_296,
  1.5,
  1e300,
  [],
  {},
  [[]],
  [null],
  '1s',
  '0s',
  '1.5h',
  '99999999h',
  '-1s',
  'eth0',
  '192.0.2.1',
  '192.0.2.1/24',
  '192.0.2.1:80',
  '192.0.2.250-255:80',
  '224.0.0.18',
  '[2001:db8::1]:80',
  '2001:db8::ffff:0-ffff',
  '::',
  '/bin/true',
  '(not shown)',
  'none',
  'tcp',
  'constructor',
  '__proto__',
  '\u0000',
  '\ud800',
  'x'.repeat(300),
]
