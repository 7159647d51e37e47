import assert from 'node:assert/strict'
import { test } from 'node:test'
import { seconds } from '../../../appliance/values/duration.ts'
import { diarch } from '../../lab/namespaces/diarch.ts'
import { openLab } from '../../lab/namespaces/lab.ts'
import { WebServer } from '../../lab/namespaces/web-server.ts'
import { walkConfig } from './director-walk.ts'

test('a virtual router follows the health of a service, and of the director itself', async t => {
  const lab = await openLab(t)
  const lan = await lab.switch('lan')
  const host = await lab.host('director')
  await host.plug(lan, { name: 'eth0', address: '192.0.2.1/24' })
  const web = new WebServer(await lab.host('web11'))
  await web.host.plug(lan, { name: 'eth0', address: '192.0.2.11/24' })
  const own = (box: 1 | 2): object => ({
    ...walkConfig(
      { servers: { web11: '192.0.2.11:80' } },
      {
        routers: {
          VI_1: {
            interface: 'eth0',
            virtualRouterId: 51,
            priority: box === 1 ? 100 : 50,
            // Of two boxes on one slow processor.
            advertInterval: '1s',
            virtualAddresses: ['192.0.2.100/24'],
            track: [{ tracker: 'shop', weight: -30 }],
          },
        },
        trackers: { shop: { kind: 'service', service: 'shop' } },
        guard: { secret: 'the heartbeats of two boxes in a test' },
      },
    ),
    node: { heartbeats: { lan: { interface: 'eth0', peer: `192.0.2.${3 - box}` } } },
  })
  const box = await diarch(host, own(1))
  // A box that has just started leaves a master that serves where it is until it can serve too.
  await box.untilServer('shop/web11', 'down')
  assert.equal((await box.router('VI_1')).preempt, false)
  await web.start()
  await box.untilServer('shop/web11', 'up')
  await box.untilRouter('VI_1', ({ preempt }) => preempt)
  const explained = async (words: string) => {
    const seen = await box.untilRouter(
      'VI_1',
      ({ priority }) => priority.explanation === words,
      seconds(60),
    )
    assert.equal(seen.priority.explanation, words)
  }
  await explained('100')

  await t.test('the service is down: less priority', async () => {
    await web.stop()
    await explained('100 - 30 shop = 70')
    const { alarms } = await box.status()
    assert.equal(
      alarms.find(({ reason }) => reason === 'service-down')?.message.slice(0, 4),
      'shop',
    )
    await web.start()
    await explained('100')
  })

  await t.test('the director cannot be kept running: the other box leads', async () => {
    const other = await lab.host('other')
    await other.plug(lan, { name: 'eth0', address: '192.0.2.2/24' })
    const second = await diarch(other, own(2))
    await second.untilServer('shop/web11', 'up')
    await second.untilRouter('VI_1', 'BACKUP')
    assert.equal((await box.router('VI_1')).state, 'MASTER')
    for (let time = 0; time < 3; time++) {
      await box.supervisor.until(new RegExp(`(director is running[^]*){${time + 1}}`), {
        within: seconds(60),
      })
      process.kill(box.pidOf('director'), 'SIGKILL')
    }
    await explained('100 - 254 (director) = -154, held to 1')
    await second.untilRouter('VI_1', 'MASTER')
    await box.untilRouter('VI_1', 'BACKUP')
    const { alarms } = await box.status()
    const failing = alarms.find(({ reason }) => reason === 'process-failing')
    assert.match(failing?.message ?? '', /^director failed 3 times in a row: it was killed/)
    for (const each of [host, other]) {
      assert.match(await each.must('ipvsadm', ['-Ln']), /192\.0\.2\.11:80/)
    }
    // Where there is no other box, this one goes on: its kernel still forwards.
    await second.stop()
    await box.untilRouter('VI_1', 'MASTER')
  })
})

test('a real server that answers for the virtual address is named, with what to do', async t => {
  const lab = await openLab(t)
  const lan = await lab.switch('lan')
  const host = await lab.host('director')
  await host.plug(lan, { name: 'eth0', address: ['192.0.2.1/24', '192.0.2.100/32'] })
  const web = new WebServer(await lab.host('web11'))
  await web.host.plug(lan, { name: 'eth0', address: '192.0.2.11/24' })
  await web.host.must('ip', ['address', 'add', '192.0.2.100/32', 'dev', 'lo'])
  await web.start()
  const servers = { web11: '192.0.2.11' }
  const box = await diarch(host, walkConfig({ forwarding: 'direct', servers }))
  const { text } = await box.untilEvent(({ event }) => event === 'address-claimed', seconds(60))
  assert.match(text, /^real server web11 \(192\.0\.2\.11, .*\) answers ARP for 192\.0\.2\.100: /)
  assert.match(text, /arp_ignore=1/)
  const { alarms } = await box.status()
  assert.ok(alarms.some(({ reason }) => reason === 'address-claimed'))
})
