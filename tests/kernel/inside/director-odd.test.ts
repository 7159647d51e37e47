import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import { seconds } from '../../../appliance/values/duration.ts'
import type { Host } from '../../lab/namespaces/host.ts'
import { until } from '../../net/vrrp-network.ts'
import { answers, natWalk, vip, walkConfig } from './director-walk.ts'

const at = (n: number): string => `198.51.100.${n}:80`
const shopServers = { web11: at(11), web12: at(12) }
const two = { web11: 1, web12: 1 }

const shop = (services: object, checks: object = {}, own: object = {}): object => {
  const { cluster, ...rest } = walkConfig({ servers: shopServers, ...own }) as {
    cluster: { services: object; checks: object }
  }
  const all = {
    services: { ...cluster.services, ...services },
    checks: { ...cluster.checks, ...checks },
  }
  return { ...rest, cluster: { ...cluster, ...all } }
}

const services = async (host: Host): Promise<string[]> => {
  const rules = await host.must('ipvsadm', ['-Sn'])
  return [...rules.matchAll(/^-A (.*)$/gm)].map(([, rule]) => rule!)
}

/** How many processes of the kernel under test have this in their command line. */
const running = (words: string): number =>
  readdirSync('/proc').filter(pid => {
    try {
      return /^\d+$/.test(pid) && readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(words)
    } catch {
      return false
    }
  }).length

test('what does not happen every day', async t => {
  const { client, box, servers } = await natWalk(t, { servers: shopServers, sorryServer: null })
  const [web11] = servers
  await box.untilServer('shop/web11', 'up')
  await box.untilServer('shop/web12', 'up')

  await t.test('a scheduler that the kernel lacks: the change is refused by name', async () => {
    // The module ip_vs_twos is newer than this kernel.
    const odd = { virtual: [{ address: vip, port: 81, held: false }], servers: shopServers }
    const other = { ...odd, virtual: [{ address: vip, port: 82, held: false }], scheduler: 'rr' }
    const { status, body } = await box.reload(shop({ odd: { ...odd, scheduler: 'twos' }, other }))
    assert.equal(status, 422, JSON.stringify(body))
    assert.match(JSON.stringify(body), /twos.*ip_vs_twos/)
    await until('the table is as before', async () => {
      return JSON.stringify(await services(box.host)) === JSON.stringify([`-t ${vip}:80 -s rr`])
    })
    assert.deepEqual(await answers(client, 2), two)
    assert.deepEqual((await box.status()).director.refused, [])

    assert.equal((await box.reload(shop({ other }))).status, 200)
    await box.untilServer('other/web11', 'up')
    await box.untilServer('other/web12', 'up')
    assert.deepEqual(await answers(client, 2, `http://${vip}:82/`), two)
    assert.equal((await box.reload(shop({}))).status, 200)
  })

  await t.test('scripts that hang, flood and fork hold up nobody else', async () => {
    const script = (line: string): object => ({
      kind: 'script',
      command: ['/bin/sh', '-c', line],
      interval: '1s',
      timeout: '800ms',
      retryInterval: '200ms',
      fall: 2,
    })
    const checks = {
      hangs: script('trap "" TERM; while :; do sleep 4711; done'),
      floods: script('exec yes flood'),
      forks: script('for n in 1 2 3 4 5; do sleep 4712 & done; exit 0'),
    }
    const more = Object.fromEntries(
      Object.keys(checks).map((name, index) => [
        name,
        {
          virtual: [{ address: vip, port: 91 + index, held: false }],
          servers: { web11: at(11) },
          checks: [name],
        },
      ]),
    )
    assert.equal((await box.reload(shop(more, checks))).status, 200)
    await box.untilServer('forks/web11', 'up')
    for (const name of ['hangs', 'floods']) {
      const { why } = await box.untilServer(`${name}/web11`, 'down')
      assert.match(why, /no answer within 0\.8 s|did not end in time/)
    }
    // A page check meanwhile, every half second, down at its second failure.
    await web11!.stop()
    const stopped = performance.now()
    await box.untilServer('shop/web11', 'down')
    const took = performance.now() - stopped
    console.log(`down after ${took.toFixed(0)} ms beside scripts that hang, flood and fork`)
    // It stopped within one interval of 0.5 s; the second question follows after 0.1 s.
    assert.ok(took < 3000, `${took} ms`)
    await web11!.start()
    await box.untilServer('shop/web11', 'up')

    assert.equal((await box.reload(shop({}))).status, 200)
    await until(
      () => `nobody of them is left: ${['4711', '4712', 'flood'].map(running)}`,
      async () =>
        ['sleep\x004711', 'sleep\x004712', 'yes\x00flood'].every(each => running(each) === 0),
    )
  })

  await t.test(
    'a service removed by hand comes back, a foreign one goes; both are told',
    async () => {
      // By one process: the director may look at any moment.
      const input = `-D -t ${vip}:80\n-A -t 203.0.113.5:99 -s rr\n`
      await box.host.must('ipvsadm', ['-R'], { input })
      const { text } = await box.untilEvent(
        ({ event, text }) => event === 'table-repaired' && /203\.0\.113\.5:99/.test(text),
      )
      assert.match(text, /add-service tcp 192\.0\.2\.100:80/)
      assert.match(text, /remove-service tcp 203\.0\.113\.5:99/)
      assert.deepEqual(await services(box.host), [`-t ${vip}:80 -s rr`])
      assert.deepEqual(await answers(client, 2), two)
    },
  )

  await t.test('hooks of the quorum: in order, as their users', async () => {
    const log = '/run/hooks/log'
    await box.host.must('sh', ['-c', `mkdir -m 1777 /run/hooks; : > ${log}; chmod 666 ${log}`])
    const hook = (word: string, user: string): object => ({
      command: [
        '/bin/sh',
        '-c',
        `sleep ${word === 'down' ? 1 : 0}; echo ${word} $(id -un) >> ${log}`,
      ],
      user,
    })
    const own = { quorum: 2, notifyUp: hook('up', 'daemon'), notifyDown: hook('down', 'nobody') }
    assert.equal((await box.reload(shop({}, {}, own))).status, 200)
    await web11!.stop()
    await box.untilService('shop', service => service.state === 'down')
    await web11!.start()
    await box.untilService('shop', service => service.state === 'up')
    const lines = async (): Promise<string[]> => (await box.host.read(log)).trim().split('\n')
    await until('both hooks ran', async () => (await lines()).includes('up daemon'))
    assert.deepEqual((await lines()).slice(-2), ['down nobody', 'up daemon'])
    const named = (await box.events()).filter(
      ({ about, event }) => about === 'shop' && /^quorum/.test(event),
    )
    assert.deepEqual(
      named.slice(-2).map(({ event }) => event),
      ['quorum-down', 'quorum-up'],
    )
  })

  await t.test(
    'a director that hangs is killed; traffic goes on, and nothing changes',
    async () => {
      const before = await box.host.must('ipvsadm', ['-Sn'])
      const hung = box.pidOf('director')
      const said = box.supervisor.output.length
      process.kill(hung, 'SIGSTOP')
      const asking = answers(client, 100)
      await box.supervisor.until(/director.*silent/, { from: said, within: seconds(40) })
      await box.supervisor.until(/director is running/, { from: said })
      const counts = await asking
      assert.deepEqual(Object.keys(counts).sort(), ['web11', 'web12'])
      assert.notEqual(box.pidOf('director'), hung)
      assert.equal(await box.host.must('ipvsadm', ['-Sn']), before)
      await web11!.stop()
      await box.untilServer('shop/web11', 'down')
    },
  )
})
