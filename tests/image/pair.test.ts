import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { minutes } from '../../appliance/values/duration.ts'
import { capture } from '../lab/namespaces/capture.ts'
import { openLab } from '../lab/namespaces/lab.ts'
import { probe } from '../lab/namespaces/prober.ts'
import { answers, WebServer } from '../lab/namespaces/web-server.ts'
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
  const servers = { web11: '192.0.2.11:80', web12: '192.0.2.12:80' }
  const shop = { scheduler: 'rr', checks: ['page'], servers }
  const services = {
    direct: { ...shop, virtual: ['192.0.2.100:80'], forwarding: 'direct' },
    // Client and servers in one network: the answers must not go past the director.
    oneArm: { ...shop, virtual: ['192.0.2.100:8080'], forwarding: 'nat' },
  }
  const checks = { page: { kind: 'http', path: '/', interval: '2s', timeout: '2s' } }
  const file = join(scratchFolder(t), 'diarch.json')
  const cluster = { routers: { VI_1: router }, checks, services }
  const node = { routers: { VI_1: { priority } } }
  writeFileSync(file, JSON.stringify({ schemaVersion: 2, cluster, node }))
  const disk = newDisk(t)
  disk.debugfs('w', `write ${file} diarch.json`)
  return disk
}

test('two boxes from the image serve at one address, also after a power cut of one', async t => {
  const lab = await openLab(t)
  const lan = await lab.switch('lan')
  const client = await lab.host('client')
  await client.plug(lan, { name: 'eth0', address: '192.0.2.1/24' })
  const lease = 'start 192.0.2.50\nend 192.0.2.60\ninterface eth0\noption subnet 255.255.255.0\n'
  await client.write('/run/udhcpd.conf', `${lease}lease_file /run/leases\npidfile /run/dhcp.pid\n`)
  await client.write('/run/leases', '')
  await client.start('busybox', ['udhcpd', '-f', '/run/udhcpd.conf'])

  for (const n of [11, 12]) {
    const host = await lab.host(`web${n}`)
    await host.plug(lan, { name: 'eth0', address: `192.0.2.${n}/24` })
    await host.must('sysctl', ['-q', 'net.ipv4.conf.all.arp_ignore=1'])
    await host.must('sysctl', ['-q', 'net.ipv4.conf.all.arp_announce=2'])
    await host.must('ip', ['address', 'add', '192.0.2.100/32', 'dev', 'lo'])
    await new WebServer(host).start()
  }

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

  const untilServed = async (url: string): Promise<void> => {
    for (const end = Date.now() + minutes(1); ; ) {
      const counts = await answers(client, 4, url)
      if (counts.web11 === 2 && counts.web12 === 2) return
      assert.ok(Date.now() < end, `${url}: ${JSON.stringify(counts)}`)
    }
  }
  await untilServed('http://192.0.2.100/')
  await untilServed('http://192.0.2.100:8080/')

  const cut = Date.now()
  await one.powerCut()
  const gap = await prober.untilGap(cut, minutes(1))
  assert.match(await neighbour(), /52:54:00:00:51:02/, 'the other one has it')
  // Its table was there all the time.
  assert.deepEqual(await answers(client, 4, 'http://192.0.2.100/'), { web11: 2, web12: 2 })
  assert.deepEqual(await answers(client, 4, 'http://192.0.2.100:8080/'), { web11: 2, web12: 2 })
  t.diagnostic(`the address was silent for ${gap.length} ms`)
})
