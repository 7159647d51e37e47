import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openLab } from '../lab/namespaces/lab.ts'
import { answers, WebServer } from '../lab/namespaces/web-server.ts'
import { startVm } from '../lab/vm/vm.ts'
import { newDisk } from './box.ts'

test('eleven answers at the console lead to a virtual address that serves', async t => {
  const lab = await openLab(t)
  const lan = await lab.switch('lan')
  const client = await lab.host('client')
  await client.plug(lan, { name: 'eth0', address: '192.0.2.1/24' })
  for (const n of [21, 22]) {
    const host = await lab.host(`web${n}`)
    await host.plug(lan, { name: 'eth0', address: `192.0.2.${n}/24` })
    await host.must('sysctl', ['-q', 'net.ipv4.conf.all.arp_ignore=1'])
    await host.must('sysctl', ['-q', 'net.ipv4.conf.all.arp_announce=2'])
    await host.must('ip', ['address', 'add', '192.0.2.100/32', 'dev', 'lo'])
    await new WebServer(host).start()
  }
  const nics = [{ switch: lan, mac: '52:54:00:00:51:01' }]
  const vm = await startVm(t, { disk: newDisk(t), nics })
  await vm.serial.untilScreen(/Press Enter to set this box up/)
  vm.serial.type('\r')

  const conversation: readonly (readonly [RegExp, string])[] = [
    [/What is this box to be\?/, '1'],
    [/Which address has this box itself\?/, '192.0.2.11/24'],
    [/Which router leads out of this network\?/, ''],
    [/What is this box called\?/, 'lb1'],
    [/Choose the password/, 'hunter2hunter2'],
    [/The same password once more/, 'hunter2hunter2'],
    [/Which virtual address/, '192.0.2.100/24'],
    [/Which VRRP id/, '51'],
    [/Which TCP port/, '80'],
    [/How do packets get to the real servers\?/, '1'],
    [/Which real servers\?/, '192.0.2.21 192.0.2.22'],
  ]
  for (const [question, answer] of conversation) {
    await vm.serial.untilScreen(question)
    vm.serial.type(`${answer}\r`)
  }
  await vm.serial.untilScreen(/lb1 is set up, and waits for your word[\s\S]*Enter keeps it/)
  vm.serial.type('\r')
  await vm.serial.untilScreen(/This box is set up/)
  vm.serial.type('\r')
  const screen = await vm.serial.untilScreen(/lb1[\s\S]*MASTER/)
  t.diagnostic(`\n${screen[0]}`)

  const end = Date.now() + 60_000
  for (;;) {
    const counts = await answers(client, 4, 'http://192.0.2.100/')
    if ((counts.web21 ?? 0) > 0 && (counts.web22 ?? 0) > 0) break
    assert.ok(Date.now() < end, `the service answers: ${JSON.stringify(counts)}`)
  }
})
