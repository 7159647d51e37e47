import assert from 'node:assert/strict'
import { test } from 'node:test'
import { natRules } from '../../appliance/ipvs/nat-rules.ts'
import { director, prefix, server, service, tcp } from './ipvs-director-words.ts'

const lines = (text: string | null): readonly string[] =>
  (text ?? '').split('\n').filter(line => line.includes('snat'))

test('clients in the network of a NAT server get the own address as their source', () => {
  const web = service(
    [tcp('192.0.2.100', 80), tcp('192.0.2.101', 80)],
    [server('192.0.2.11', 8080, 'nat'), server('192.0.2.12', 8080, 'direct')],
  )
  assert.deepEqual(lines(natRules(director([web]), [prefix('192.0.2.1/24')])), [
    '    ip saddr 192.0.2.0/24 ct original ip daddr . meta l4proto . ip daddr . th dport ' +
      '{ 192.0.2.100 . tcp . 192.0.2.11 . 8080, 192.0.2.101 . tcp . 192.0.2.11 . 8080 } ' +
      'snat ip to 192.0.2.1',
  ])
})

test('every port, marks and IPv6 have rules of their own', () => {
  const all = service(
    [tcp('2001:db8::100', 0), { kind: 'mark', family: 'inet6', mark: 7 }],
    [server('2001:db8::11', 0, 'nat')],
  )
  assert.deepEqual(lines(natRules(director([all]), [prefix('2001:db8::1/64')])), [
    '    ip6 saddr 2001:db8::/64 ct original ip6 daddr . meta l4proto . ip6 daddr ' +
      '{ 2001:db8::100 . tcp . 2001:db8::11 } snat ip6 to 2001:db8::1',
    '    ip6 saddr 2001:db8::/64 meta mark . ip6 daddr { 7 . 2001:db8::11 } ' +
      'snat ip6 to 2001:db8::1',
  ])
})

test('nothing is rewritten where servers answer by themselves, or are somewhere else', () => {
  const at = [tcp('192.0.2.100', 80)]
  const networks = [prefix('192.0.2.1/24'), prefix('2001:db8::1/64')]
  const direct = service(at, [
    server('192.0.2.11', 80, 'direct'),
    server('192.0.2.12', 80, 'tunnel'),
  ])
  assert.equal(natRules(director([direct]), networks), null)
  const far = service(at, [server('198.51.100.11', 80, 'nat')])
  assert.equal(natRules(director([far]), networks), null)
})

test('a second address in the same network adds no second rule', () => {
  const web = service([tcp('192.0.2.100', 80)], [server('192.0.2.11', 80, 'nat')])
  const networks = [prefix('192.0.2.1/24'), prefix('192.0.2.2/24')]
  assert.equal(lines(natRules(director([web]), networks)).length, 1)
})
