import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { minutes } from '../../appliance/values/duration.ts'
import { capture } from '../lab/namespaces/capture.ts'
import { openLab } from '../lab/namespaces/lab.ts'
import { probe } from '../lab/namespaces/prober.ts'
import { scratchFolder, type TestContext } from '../lab/vm/scratch.ts'
import { startVm } from '../lab/vm/vm.ts'
import { newDisk } from './box.ts'

const configuredDisk = (t: TestContext, priority: number) => {
  const router = {
    interface: 'port1',
    virtualRouterId: 51,
    virtualAddresses: ['192.0.2.100/24'],
    // An emulated box may be held up for longer than a real one.
    advertInterval: '1s',
  }
  const file = join(scratchFolder(t), 'diarch.json')
  const cluster = { routers: { VI_1: router } }
  const node = { routers: { VI_1: { priority } } }
  writeFileSync(file, JSON.stringify({ schemaVersion: 1, cluster, node }))
  const disk = newDisk(t)
  disk.debugfs('w', `write ${file} diarch.json`)
  return disk
}

test('two boxes from the image hold one address, also when the power of one is cut', async t => {
  const lab = await openLab(t)
  const lan = await lab.switch('lan')
  const client = await lab.host('client')
  await client.plug(lan, { name: 'eth0', address: '192.0.2.1/24' })
  const lease = 'start 192.0.2.50\nend 192.0.2.60\ninterface eth0\noption subnet 255.255.255.0\n'
  await client.write('/run/udhcpd.conf', `${lease}lease_file /run/leases\npidfile /run/dhcp.pid\n`)
  await client.write('/run/leases', '')
  await client.start('busybox', ['udhcpd', '-f', '/run/udhcpd.conf'])

  const nics = (last: string) => [{ switch: lan, mac: `52:54:00:00:51:${last}` }]
  const [one, two] = await Promise.all([
    startVm(t, { disk: configuredDisk(t, 150), nics: nics('01') }),
    startVm(t, { disk: configuredDisk(t, 100), nics: nics('02') }),
  ])
  const seen = await capture(client, 'eth0')
  await Promise.all([one.serial.untilScreen(/^ OK /m), two.serial.untilScreen(/^ OK /m)])
  await seen.untilAdvert(advert => advert.priority === 150)
  const prober = await probe(client, '192.0.2.100')
  const neighbour = async () => (await client.must('ip', ['neigh', 'show', '192.0.2.100'])).trim()
  assert.match(await neighbour(), /52:54:00:00:51:01/, 'the one with the higher priority has it')

  const cut = Date.now()
  await one.powerCut()
  const gap = await prober.untilGap(cut, minutes(1))
  assert.match(await neighbour(), /52:54:00:00:51:02/, 'the other one has it')
  t.diagnostic(`the address was silent for ${gap.length} ms`)
})
