import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  type DirectorInterface,
  type KernelSetting,
  kernelSettings,
} from '../../appliance/ipvs/kernel-settings.ts'
import { planSettings } from '../../appliance/ipvs/kernel-settings-plan.ts'
import type { Forwarding } from '../../appliance/ipvs/service.ts'
import { director, prefix, server, service, someSync, tcp } from './ipvs-director-words.ts'

const eth0: DirectorInterface = { name: 'eth0', networks: [prefix('192.0.2.1/24')] }
const web = (method: Forwarding['method'], settings = {}) =>
  service([tcp('192.0.2.100', 80)], [server('192.0.2.11', 80, method)], settings)
const web6 = service([tcp('2001:db8::100', 80)], [server('2001:db8::11', 80, 'nat')])

const names = (settings: readonly KernelSetting[]): readonly string[] =>
  settings.map(({ name }) => name.replace('net/ipv4/', ''))
const always = 'vs/expire_nodest_conn'

for (const [title, wanted, expected] of [
  ['no service', kernelSettings(director([]), [eth0], false), []],
  [
    'direct routing forwards nothing',
    kernelSettings(director([web('direct')]), [eth0], false),
    ['conf/eth0/rp_filter', always],
  ],
  [
    'tunnels',
    kernelSettings(director([web('tunnel')]), [eth0], false),
    ['conf/eth0/rp_filter', always],
  ],
  [
    'NAT',
    kernelSettings(director([web('nat')]), [eth0], false),
    ['ip_forward', 'conf/all/send_redirects', 'conf/eth0/send_redirects', always],
  ],
  [
    'one-arm NAT is tracked',
    kernelSettings(director([web('nat')]), [], true),
    ['ip_forward', 'conf/all/send_redirects', always, 'vs/conntrack'],
  ],
  [
    'IPv6 NAT goes on hearing routers, and that comes first',
    kernelSettings(director([web6]), [eth0], false),
    ['net/ipv6/conf/eth0/accept_ra', 'net/ipv6/conf/all/forwarding', always],
  ],
  [
    'persistence',
    kernelSettings(
      director([web('direct', { persistence: { seconds: 60, prefixLength: 32, engine: null } })]),
      [],
      false,
    ),
    [always, 'vs/expire_quiescent_template'],
  ],
  [
    'sync tells each connection, the refresh period before the threshold',
    kernelSettings(director([web('direct')], someSync), [], false),
    [always, 'vs/sync_refresh_period', 'vs/sync_retries', 'vs/sync_ports', 'vs/sync_threshold'],
  ],
  [
    'sync with a scheduler that finds the same server by itself',
    kernelSettings(director([web('direct', { scheduler: 'mh' })], someSync), [], false).slice(5),
    ['vs/sloppy_tcp'],
  ],
] as const) {
  test(`settings: ${title}`, () => assert.deepEqual(names(wanted), expected))
}

test('settings: two interfaces in one network keep to their own addresses', () => {
  const eth1 = { name: 'eth1', networks: [prefix('192.0.2.2/25')] }
  const eth2 = { name: 'eth2', networks: [prefix('198.51.100.1/24')] }
  const wanted = kernelSettings(director([web('direct')]), [eth0, eth1, eth2], false)
  assert.deepEqual(
    names(wanted).filter(name => name.includes('arp')),
    ['eth0', 'eth1'].flatMap(name => [`conf/${name}/arp_ignore`, `conf/${name}/arp_announce`]),
  )
})

const setting = (name: string, wish: KernelSetting['wish']): KernelSetting => ({
  name,
  wish,
  reason: '',
})
const rpFilter = setting('eth0', { kind: 'anything-but', value: 1, instead: 2, all: 'all' })
const acceptRa = setting('eth0', { kind: 'anything-but', value: 1, instead: 2, all: null })
const announce = setting('eth0', { kind: 'at-least', value: 2, all: 'all' })
const on = setting('eth0', { kind: 'exactly', value: '1' })

// What the interface has, what `all` has, what is written.
for (const [wish, own, all, written] of [
  [rpFilter, '0', '0', null],
  [rpFilter, '1', '0', '2'],
  [rpFilter, '0', '1', '2'],
  [rpFilter, '1', '2', null],
  [rpFilter, '2', '1', null],
  [acceptRa, '1', '0', '2'],
  [acceptRa, '0', '1', null],
  [announce, '0', '2', null],
  [announce, '1', '0', '2'],
  [announce, '0', null, '2'],
  [on, '0', '1', '1'],
  [on, '1', '0', null],
] as const) {
  const words = JSON.stringify(wish.wish)
  test(`plan: ${words} with ${own}, and ${all} for all, writes ${written}`, () => {
    const { changes } = planSettings([wish], name => (name === 'all' ? all : own))
    assert.deepEqual(
      changes.map(({ from, to }) => [from, to]),
      written === null ? [] : [[own, written]],
    )
  })
}

test('plan: a setting that this kernel lacks is named', () => {
  const { changes, missing } = planSettings([on, announce], () => null)
  assert.deepEqual([changes, missing], [[], [on, announce]])
})
