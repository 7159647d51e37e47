import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { closeSync, openSync, readdirSync, writeFileSync, writeSync } from 'node:fs'
import { test } from 'node:test'

const run = (line: string): string => {
  const [command = '', ...args] = line.split(' ')
  return execFileSync(command, args, { encoding: 'utf8' })
}

test('the working directory is the project, /tmp and /run can be written, / cannot', () => {
  assert.ok(readdirSync('.').includes('package.json'))
  writeFileSync('/tmp/note', 'x')
  writeFileSync('/run/note', 'x')
  assert.throws(() => writeFileSync('/note', 'x'), { code: 'EROFS' })
  assert.throws(() => writeFileSync('note', 'x'), { code: 'EROFS' })
})

test('loopback is up', () => {
  run('ping -c1 -W5 127.0.0.1')
})

test('dummy, VLAN, macvlan, bond and ipip devices bring their modules along', () => {
  run('ip link add dummy7 type dummy')
  run('ip link set dummy7 up')
  run('ip link add link dummy7 name dummy7.42 type vlan id 42')
  run('ip link add link dummy7 name mac0 type macvlan')
  run('ip link add bond7 type bond')
  run('ip link add tunnel0 type ipip local 192.0.2.1 remote 192.0.2.2')
  const names = readdirSync('/sys/class/net')
  for (const name of ['dummy7', 'dummy7.42', 'mac0', 'bond7', 'tunnel0']) {
    assert.ok(names.includes(name), `${name} among ${names}`)
  }
  assert.match(run('ip -d link show dummy7.42'), /vlan protocol 802.1Q id 42/)
})

for (const module of [
  'ip_vs',
  'ip_vs_rr',
  'ip_vs_wrr',
  'ip_vs_lc',
  'ip_vs_sh',
  'ip_vs_mh',
  'dummy',
  'veth',
  '8021q',
  'softdog',
  'nf_conntrack',
  'bridge',
  'macvlan',
  'bonding',
  'vrf',
  'ipip',
  'ip_gre',
]) {
  test(`module ${module} loads`, () => {
    run(`modprobe ${module}`)
    assert.match(run('lsmod'), new RegExp(`^${module} `, 'm'))
  })
}

test('the software watchdog opens, and is stopped by the magic close only', () => {
  const watchdogs = () => readdirSync('/dev').filter(name => /^watchdog\d+$/.test(name))
  run('modprobe -r softdog')
  const others = watchdogs()
  run('modprobe softdog soft_margin=3600 nowayout=0')
  const [softdog = 'none', ...more] = watchdogs().filter(name => !others.includes(name))
  assert.deepEqual(more, [])

  closeSync(openSync(`/dev/${softdog}`, 'w'))
  const complaint = new RegExp(`${softdog}: watchdog did not stop!`, 'g')
  assert.equal(run('dmesg').match(complaint)?.length, 1)
  const watchdog = openSync(`/dev/${softdog}`, 'w')
  writeSync(watchdog, 'V')
  closeSync(watchdog)
  assert.equal(run('dmesg').match(complaint)?.length, 1)
})
