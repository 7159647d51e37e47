import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Diarch, diarch } from '../../lab/namespaces/diarch.ts'
import type { Host } from '../../lab/namespaces/host.ts'
import { Operations } from './director-operations.ts'
import { answers, natWalk, vip, walkConfig } from './director-walk.ts'

const at = (n: number): string => `198.51.100.${n}:80`
const three = { web11: at(11), web12: at(12), web13: at(13) }
const shop = (servers: object, more: object = {}): object =>
  walkConfig({ servers, sorryServer: null, ...more })

/** Requests all the while; every one is answered, and by whom. */
const during = async (client: Host, work: () => Promise<void>): Promise<Record<string, number>> => {
  const requests = answers(client, 25)
  await work()
  return await requests
}

const reload = async (box: Diarch, config: object): Promise<void> => {
  const { status, body } = await box.reload(config)
  assert.equal(status, 200, JSON.stringify(body))
}

const table = (host: Host): Promise<string> => host.must('ipvsadm', ['-Sn'])

test('what a reload and a restart change, and what they leave', async t => {
  const { client, box, servers } = await natWalk(t, { servers: three, sorryServer: null })
  for (const name of Object.keys(three)) await box.untilServer(`shop/${name}`, 'up')
  const operations = await Operations.of(box.host)

  await t.test('an unchanged document: no operation', async () => {
    const before = await table(box.host)
    const counts = await during(client, async () => {
      const sent = await operations.during(() => reload(box, shop(three)))
      assert.deepEqual(sent, [])
    })
    assert.deepEqual(Object.keys(counts).sort(), Object.keys(three))
    assert.equal(await table(box.host), before)
  })

  await t.test('another weight: one operation', async () => {
    const changed = { ...three, web12: { address: '198.51.100.12', port: 80, weight: 7 } }
    const counts = await during(client, async () => {
      const sent = await operations.during(async () => {
        await reload(box, shop(changed))
        await box.untilServer('shop/web12', server => server.weight === 7)
      })
      assert.deepEqual(sent, ['change-destination'])
    })
    assert.deepEqual(Object.keys(counts).sort(), Object.keys(three))
    assert.match(await table(box.host), /-r 198\.51\.100\.12:80 -m -w 7\n/)
  })

  await t.test('a broken document is refused, with its reason, and nothing changes', async () => {
    const before = await table(box.host)
    const counts = await during(client, async () => {
      const sent = await operations.during(async () => {
        for (const [wrong, words] of [
          ['{ "schemaVersion": 2, ', /line 1/],
          [shop({ web11: 'nowhere' }), /web11/],
          [shop(three, { checks: ['gone'] }), /gone/],
        ] as const) {
          const { status, body } = await box.reload(wrong)
          assert.equal(status, 422)
          assert.match(JSON.stringify(body), words)
        }
      })
      assert.deepEqual(sent, [])
    })
    assert.deepEqual(Object.keys(counts).sort(), Object.keys(three))
    assert.equal(await table(box.host), before)
    await reload(box, shop(three))
  })

  await t.test('a server that is removed keeps its connection, and goes after it', async () => {
    for (const { host } of servers) {
      await host.must('sh', ['-c', 'head -c 100000 /dev/zero > /run/slow'])
    }
    const downloads = client.must('sh', [
      '-c',
      `for n in 1 2 3; do
         curl -sS -o /dev/null -w "%{size_download}\\n" http://${vip}/slow & done; wait`,
    ])
    await box.host.must('sh', [
      '-c',
      'until [ $(grep -c ESTABLISHED /proc/net/ip_vs_conn) -ge 3 ]; do sleep 0.1; done',
    ])
    const { web11, web13 } = three
    await reload(box, shop({ web11, web13 }, { drainLimit: '8s' }))
    assert.equal((await box.untilServer('shop/web12', 'draining')).weight, 0)
    assert.deepEqual(await answers(client, 4), { web11: 2, web13: 2 })
    assert.equal(await downloads, '100000\n100000\n100000\n')
    const { text } = await box.untilEvent(({ event }) => event === 'drain-ended')
    assert.match(text, /its connections have ended|its time is over/)
    assert.doesNotMatch(await table(box.host), /198\.51\.100\.12/)
    const { servers: left } = await box.untilService('shop', each => each.servers.length === 2)
    assert.deepEqual(
      left.map(({ name }) => name),
      ['web11', 'web13'],
    )
  })

  await t.test('the words of operators outlive a reload and a restart', async () => {
    await reload(box, shop(three))
    await box.untilServer('shop/web12', 'up')
    for (const words of [
      ['drain', 'shop/web11'],
      ['disable', 'shop/web12'],
      ['weight', 'shop/web13', '5'],
    ]) {
      assert.equal((await box.cli(...words)).code, 0)
    }
    const holds = async (now: Diarch): Promise<void> => {
      await now.untilServer(
        'shop/web11',
        server => server.state === 'drained' && server.weight === 0,
      )
      assert.equal((await now.untilServer('shop/web12', 'disabled')).weight, null)
      await now.untilServer('shop/web13', server => server.state === 'up' && server.weight === 5)
      const rows = (await table(now.host)).split('\n').filter(row => row.startsWith('-a'))
      assert.deepEqual(
        rows.map(row => /-r (\S+) -m -w (\d+)/.exec(row)?.slice(1).join(' ')),
        ['198.51.100.11:80 0', '198.51.100.13:80 5'],
      )
      assert.deepEqual(await answers(client, 3), { web13: 3 })
    }
    await holds(box)
    const heavier = { ...three, web13: { address: '198.51.100.13', port: 80, weight: 9 } }
    await reload(box, shop(heavier))
    await holds(box)

    await box.stop()
    assert.equal(await table(box.host), '', 'what stopped in order leaves nothing in the kernel')
    const again = await diarch(box.host, shop(heavier))
    await holds(again)
    assert.equal((await again.cli('weight', 'shop/web13', 'configured')).code, 0)
    await again.untilServer('shop/web13', server => server.weight === 9)
  })
})
