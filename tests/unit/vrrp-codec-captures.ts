import type { Authentication, ChecksumForm } from '../../appliance/vrrp/advert.ts'

/**
 * Adverts of keepalived 2.2.7 (Debian 12), captured with tcpdump in the lab of namespaces: one host
 * with 192.0.2.1/24 and 2001:db8::1/64 on eth0, and for each row a `vrrp_instance` of these lines.
 * To capture again: tests/net/lab-keepalived.test.ts shows how, `frame.bytes` has the frame.
 */
export type Capture = {
  readonly name: string
  /** What keepalived was told, beside its interface. */
  readonly told: string
  readonly source: string
  readonly destination: string
  readonly ttl: number
  /** IPv4: the header that stood before the payload. */
  readonly ipHeader: string | null
  readonly payload: string
  readonly says: {
    readonly version: 2 | 3
    readonly vrid: number
    readonly priority: number
    /** In milliseconds. */
    readonly interval: number
    readonly addresses: readonly string[]
  }
  readonly authentication: Authentication
  readonly checksumForm: ChecksumForm
}

const none: Authentication = { kind: 'none' }

export const captures: readonly Capture[] = [
  {
    name: 'golden/v2 without authentication',
    told: `version 2; virtual_router_id 51; priority 150; advert_int 1
           virtual_ipaddress { 192.0.2.100/24 192.0.2.101/24 }`,
    source: '192.0.2.1',
    destination: '224.0.0.18',
    ttl: 255,
    ipHeader: '45c0002c00010000ff70188dc0000201e0000012',
    payload: '213396020001c3fec0000264c00002650000000000000000',
    says: {
      version: 2,
      vrid: 51,
      priority: 150,
      interval: 1000,
      addresses: ['192.0.2.100', '192.0.2.101'],
    },
    authentication: none,
    checksumForm: 'without-pseudo-header',
  },
  {
    name: 'golden/v2 with a password',
    told: `version 2; virtual_router_id 52; priority 100; advert_int 2
           authentication { auth_type PASS; auth_pass secret }
           virtual_ipaddress { 192.0.2.102/24 }`,
    source: '192.0.2.1',
    destination: '224.0.0.18',
    ttl: 255,
    ipHeader: '45c0002800010000ff701891c0000201e0000012',
    payload: '2134640101027b15c00002667365637265740000',
    says: { version: 2, vrid: 52, priority: 100, interval: 2000, addresses: ['192.0.2.102'] },
    authentication: { kind: 'password', password: 'secret' },
    checksumForm: 'without-pseudo-header',
  },
  {
    name: 'golden/v2 unicast',
    told: `version 2; virtual_router_id 58; priority 254; advert_int 1
           unicast_src_ip 192.0.2.1; unicast_peer { 192.0.2.2 }
           virtual_ipaddress { 192.0.2.108/24 }`,
    source: '192.0.2.1',
    destination: '192.0.2.2',
    ttl: 255,
    ipHeader: '45c0002800010000ff7036a1c0000201c0000202',
    payload: '213afe0100011e56c000026c0000000000000000',
    says: { version: 2, vrid: 58, priority: 254, interval: 1000, addresses: ['192.0.2.108'] },
    authentication: none,
    checksumForm: 'without-pseudo-header',
  },
  {
    name: 'golden/v3 over IPv4',
    told: `version 3; virtual_router_id 53; priority 200; advert_int 0.1
           virtual_ipaddress { 192.0.2.103/24 }`,
    source: '192.0.2.1',
    destination: '224.0.0.18',
    ttl: 255,
    ipHeader: '45c0002000010000ff701899c0000201e0000012',
    payload: '3135c801000aa1c6c0000267',
    says: { version: 3, vrid: 53, priority: 200, interval: 100, addresses: ['192.0.2.103'] },
    authentication: none,
    checksumForm: 'with-pseudo-header',
  },
  {
    name: 'golden/v3 over IPv4, giving up',
    told: `version 3; virtual_router_id 53; priority 200; advert_int 0.1
           virtual_ipaddress { 192.0.2.103/24 }`,
    source: '192.0.2.1',
    destination: '224.0.0.18',
    ttl: 255,
    ipHeader: '45c00020003f0000ff70185bc0000201e0000012',
    payload: '31350001000a69c7c0000267',
    says: { version: 3, vrid: 53, priority: 0, interval: 100, addresses: ['192.0.2.103'] },
    authentication: none,
    checksumForm: 'with-pseudo-header',
  },
  {
    name: 'golden/v3 over IPv4 unicast',
    told: `version 3; virtual_router_id 55; priority 200; advert_int 1
           unicast_src_ip 192.0.2.1; unicast_peer { 192.0.2.2 }
           virtual_ipaddress { 192.0.2.105/24 }`,
    source: '192.0.2.1',
    destination: '192.0.2.2',
    ttl: 255,
    ipHeader: '45c0002000010000ff7036a9c0000201c0000202',
    payload: '3137c8010064bf78c0000269',
    says: { version: 3, vrid: 55, priority: 200, interval: 1000, addresses: ['192.0.2.105'] },
    authentication: none,
    checksumForm: 'with-pseudo-header',
  },
  {
    name: 'golden/v3 over IPv6',
    told: `version 3; virtual_router_id 56; priority 200; advert_int 0.25
           virtual_ipaddress { fe80::100/64 2001:db8::100/64 }`,
    source: 'fe80::f8d3:feff:fed4:53c7',
    destination: 'ff02::12',
    ttl: 255,
    ipHeader: null,
    payload:
      '3138c80200198fd3' + 'fe800000000000000000000000000100' + '20010db8000000000000000000000100',
    says: {
      version: 3,
      vrid: 56,
      priority: 200,
      interval: 250,
      addresses: ['fe80::100', '2001:db8::100'],
    },
    authentication: none,
    checksumForm: 'with-pseudo-header',
  },
  {
    name: 'golden/v3 over IPv6 unicast',
    told: `version 3; virtual_router_id 57; priority 200; advert_int 1
           unicast_src_ip 2001:db8::1; unicast_peer { 2001:db8::2 }
           virtual_ipaddress { 2001:db8::107/64 }`,
    source: '2001:db8::1',
    destination: '2001:db8::2',
    ttl: 64,
    ipHeader: null,
    payload: '3139c80100647ba320010db8000000000000000000000107',
    says: { version: 3, vrid: 57, priority: 200, interval: 1000, addresses: ['2001:db8::107'] },
    authentication: none,
    checksumForm: 'with-pseudo-header',
  },
]
