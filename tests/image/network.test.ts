import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { minutes } from '../../appliance/values/duration.ts'
import { openLab } from '../lab/namespaces/lab.ts'
import { RootShell } from '../lab/vm/root-shell.ts'
import { scratchFolder, type TestContext } from '../lab/vm/scratch.ts'
import { addRootShell, rewriteSlot } from '../lab/vm/slot.ts'
import { startVm } from '../lab/vm/vm.ts'
import { newDisk } from './box.ts'

const network = {
  interfaces: {
    port1: { addresses: ['192.0.2.10/24'], ipv6: 'off' },
    port2: {},
    port3: {},
    lan: { bond: { members: ['port2', 'port3'] } },
    'lan.20': { vlan: { parent: 'lan', id: 20 }, addresses: ['198.51.100.10/24'] },
  },
  routes: [{ destination: 'default', gateway: '192.0.2.1' }],
  dns: { servers: ['192.0.2.53'], search: ['example.com'] },
}

/** A command of ours on a box that is emulated on a busy machine. */
const patient = minutes(4)

function configuredDisk(t: TestContext) {
  const file = join(scratchFolder(t), 'diarch.json')
  const node = { hostname: 'left', network }
  writeFileSync(file, JSON.stringify({ schemaVersion: 2, cluster: {}, node }))
  const disk = newDisk(t)
  disk.debugfs('w', `write ${file} diarch.json`)
  rewriteSlot(t, disk, { from: 'diarch-a', to: 'diarch-a' }, addRootShell)
  return disk
}

test('a box has the name, the addresses and the VLAN on a bond as it is configured', async t => {
  const lab = await openLab(t)
  const [office, trunk] = [await lab.switch('office'), await lab.switch('trunk')]
  const desk = await lab.host('desk')
  await desk.plug(office, { name: 'eth0', address: '192.0.2.1/24' })
  const nics = [office, trunk, trunk].map((segment, index) => ({
    switch: segment,
    mac: `52:54:00:00:52:0${index + 1}`,
  }))
  const box = await startVm(t, { disk: configuredDisk(t), nics, serialLines: 2 })
  await box.serial.untilScreen(/^ (OK|DEGRADED) /m)
  await box.serial.untilScreen(/lan\.20 .*vlan .*198\.51\.100\.10\/24/)
  const shell = await RootShell.open(box.serialLine(1))

  const answers = async (address: string, why: string): Promise<void> => {
    for (const end = Date.now() + patient; !(await desk.pings(address)); ) {
      assert.ok(Date.now() < end, `${address} does not answer: ${why}`)
    }
  }
  await answers('192.0.2.10', 'its static address')
  assert.equal((await shell.must('hostname')).trim(), 'left')
  const page = ['-sk', '--max-time', '20', 'https://192.0.2.10/health']
  assert.notEqual(await desk.must('curl', page), '', 'the page is reached')
  assert.match(await shell.must('nft list ruleset'), /policy drop[^?]*counter name "refused"/)
  const resolver = 'search example.com\nnameserver 192.0.2.53\n'
  assert.equal((await shell.must('cat /etc/resolv.conf')).replaceAll('\r', ''), resolver)
  assert.match(await shell.must('ip route show'), /default via 192\.0\.2\.1 dev port1/)
  assert.match(await shell.must('ip address show lan.20'), /198\.51\.100\.10\/24/)
  assert.match(await shell.must('cat /proc/net/bonding/lan'), /active-backup.*port2.*port3/s)
  assert.equal(
    (await shell.run('test -e /sys/class/net/bond0')).code,
    1,
    'no bond comes along unasked',
  )
  assert.equal((await shell.must('pidof udhcpc || echo none')).trim(), 'none')

  // Larger than what the bond below carries.
  const large = `sed 's#"addresses":."198#"mtu":9000,&#' /state/diarch.json >/tmp/large.json`
  await shell.must(large)
  const refused = await shell.run('diarch config apply /tmp/large.json --yes', patient)
  assert.notEqual(refused.code, 0)
  assert.match(refused.output, /lan\.20 \(mtu 9000\).*takes no\s+packets of that size/s)
  await answers('192.0.2.10', 'what was before is in force again')

  await shell.must("sed 's#192.0.2.10/24#192.0.2.12/24#' /state/diarch.json >/tmp/trial.json")
  await shell.must('diarch config apply /tmp/trial.json --confirm 30s --yes', patient)
  await answers('192.0.2.12', 'it is on trial')
  assert.equal(await desk.pings('192.0.2.10'), false, 'it has another address meanwhile')
  await answers('192.0.2.10', 'nobody has confirmed, so the network goes back')

  await shell.must('ip address del 192.0.2.10/24 dev port1; ip link del lan')
  for (const end = Date.now() + minutes(1); ; ) {
    const { code } = await shell.run('ip address show lan.20 | grep 198.51.100.10')
    if (code === 0 && (await desk.pings('192.0.2.10'))) break
    assert.ok(Date.now() < end, 'what somebody has removed does not come back')
  }
})
