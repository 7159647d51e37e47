/** What stands beside a pair: a switched power strip, a third machine, who asks by SNMP. */

import assert from 'node:assert/strict'
import { join } from 'node:path'
import type { Status } from '../../appliance/status/document.ts'
import type { LeaseStatus } from '../../appliance/status/guard-status.ts'
import { minutes } from '../../appliance/values/duration.ts'
import type { StormBox, StormPair } from '../storm/boxes.ts'

const diarch = join(import.meta.dirname, '../../appliance/cli/diarch')
const secret = 'the third one knows only this, and no more'
const words = 'correct-horse-battery'
const [stripAt, thirdAt] = ['192.0.2.31', '192.0.2.9']
const outlets = [7, 8].map(outlet => `1.3.6.1.4.1.318.1.1.4.4.2.1.3.${outlet}`)

const agent = `agentAddress udp:${stripAt}:161
rwcommunity private
${outlets.map(oid => `override -rw .${oid} integer 1`).join('\n')}
`

/** Debian's program: names as numbers, values without words around them. */
const asked = '-m  -On -Oe -OQ -t 5 -r 20 -v3 -l authPriv -u zabbix -a SHA-256 -x AES'.split(' ')

export async function neighbourhood({ lab, lan, client }: StormPair) {
  const strip = await lab.host('strip')
  await strip.plug(lan, { name: 'eth0', address: `${stripAt}/24` })
  await strip.write('/run/snmpd.conf', agent)
  const folder = ['-p', '/run/snmpd.pid', '--persistentDir=/run/snmpd']
  await strip.start('snmpd', ['-f', '-Lo', '-C', '-c', '/run/snmpd.conf', ...folder])

  const third = await lab.host('third')
  await third.plug(lan, { name: 'eth0', address: `${thirdAt}/24` })
  await third.write('/run/secret', `${secret}\n`)
  await third.start(diarch, [
    'witness',
    '--listen',
    `${thirdAt}:9695`,
    '--pair',
    'shop=/run/secret',
  ])

  const outletOf = (box: string, outlet: string | undefined, delay: string) => {
    return { kind: 'pdu', server: stripAt, outlets: [outlet], secret: 'private', box, delay }
  }
  const login = { protocol: 'sha-256', password: words }
  const privacy = { protocol: 'aes-128', password: words }
  const values = {
    '/cluster/guard/policy': 'one-owner-first',
    '/cluster/guard/leases': { third: { address: thirdAt, secret } },
    // Only asked: a storm that switches boxes off needs somebody who switches them on.
    '/cluster/fencing': {
      policy: 'off',
      devices: {
        outlet7: outletOf('lb1', outlets[0], '0s'),
        outlet8: outletOf('lb2', outlets[1], '5s'),
      },
    },
    '/cluster/snmp': { users: { zabbix: { authentication: login, privacy } }, contact: 'ada' },
  }

  const untilLease = (box: StormBox, state: LeaseStatus['state']): Promise<unknown> =>
    box.remote.until('status', ({ guard }) => guard?.leases[0]?.state === state)

  /** All of it on a box that leads. */
  async function visit(box: StormBox): Promise<void> {
    const ask = async (...names: readonly string[]) => {
      const who = [...asked, '-A', words, '-X', words, box.remote.address]
      const asking = client.run('snmpwalk', [...who, ...names], { within: minutes(4) })
      const { stdout, stderr, code } = await asking
      assert.equal(code, 0, stderr)
      return stdout
    }
    assert.match(await ask('1.3.6.1.2.1.1.4'), /^\.1\.3\.6\.1\.2\.1\.1\.4\.0 = "?ada"?$/m)
    const instances = await ask('1.3.6.1.4.1.9586.100.5.2.3.1')
    assert.match(instances, /\.1\.2\.1 = "VI_1"$/m)
    assert.match(instances, /\.1\.4\.1 = 2$/m, 'KEEPALIVED-MIB: master')

    const isTried = (device: { readonly box: string; readonly state: string }) =>
      device.box === 'lb1' && device.state === 'ok'
    const tried = await box.remote.until('status', ({ fencing }) => fencing?.devices.some(isTried))
    const { processes } = tried as Status
    const fence = processes.find(({ name }) => name === 'fence')
    assert.match(await box.run(`stat -c %U /proc/${fence?.pid}`), /^fence\s*$/m)
    assert.match(await box.run('diarch fence'), /outlet7 +pdu +lb1 +ok +on/)
    assert.match(
      await box.run('diarch fence test outlet7'),
      /the power is on; nothing was switched/,
    )

    await box.run(`echo '${secret}' >/tmp/secret`)
    const witness = 'diarch witness --listen 127.0.0.1:9695 --pair shop=/tmp/secret'
    const said = await box.run(
      `${witness} >/tmp/said 2>&1 & until grep -q . /tmp/said; do sleep 0.2; done
       cat /tmp/said; kill $!; rm /tmp/secret`,
    )
    assert.match(said, /a witness for shop on UDP 127\.0\.0\.1:9695/)
  }

  const patch = Object.entries(values).map(([path, value]) => ({ op: 'add', path, value }))
  return { patch, untilLease, visit }
}
