import assert from 'node:assert/strict'
import { test } from 'node:test'
import { answers, natWalk } from './director-walk.ts'

test('the classic walk', async t => {
  const { client, box, servers } = await natWalk(t)
  const [web11, web12] = servers
  assert.ok(web11 && web12)

  await t.test('round robin over the servers that are up', async () => {
    await box.untilServer('shop/web11', 'up')
    await box.untilServer('shop/web12', 'up')
    assert.deepEqual(await answers(client, 10), { web11: 5, web12: 5 })
  })

  await t.test('a server that stops leaves the table, and comes back when it is back', async () => {
    await web11.stop()
    const down = await box.untilServer('shop/web11', 'down')
    assert.match(down.why, /connection refused by 198\.51\.100\.11:80/)
    assert.equal(down.weight, null)
    assert.deepEqual(await answers(client, 4), { web12: 4 })
    await web11.start()
    await box.untilServer('shop/web11', 'up')
    assert.deepEqual(await answers(client, 4), { web11: 2, web12: 2 })
  })

  await t.test('all are down: the sorry server, until one is back', async () => {
    await web11.stop()
    await web12.stop()
    await box.untilService('shop', service => service.serving === 'sorry-server')
    assert.deepEqual(await answers(client, 3), { web13: 3 })
    await web11.start()
    await web12.start()
    await box.untilServer('shop/web11', 'up')
    await box.untilServer('shop/web12', 'up')
    assert.deepEqual(await answers(client, 4), { web11: 2, web12: 2 })
  })

  await t.test('drain: a download goes on, new connections go elsewhere', async () => {
    await web11.host.must('sh', ['-c', 'head -c 60000 /dev/zero > /run/slow'])
    await web12.host.must('sh', ['-c', 'head -c 60000 /dev/zero > /run/slow'])
    const download = client.must('sh', [
      '-c',
      'for n in 1 2; do curl -sS -o /dev/null -w "%{size_download}\\n" http://192.0.2.100/slow & done; wait',
    ])
    await box.host.must('sh', [
      '-c',
      'until [ $(grep -c ESTABLISHED /proc/net/ip_vs_conn) -ge 2 ]; do sleep 0.1; done',
    ])
    assert.equal((await box.cli('drain', 'web11')).code, 0)
    const drained = await box.untilServer('shop/web11', 'drained')
    assert.equal(drained.weight, 0)
    assert.deepEqual(await answers(client, 4), { web12: 4 })
    assert.equal(await download, '60000\n60000\n')
    assert.equal((await box.cli('undrain', 'web11')).code, 0)
    await box.untilServer('shop/web11', 'up')
  })

  await t.test('an entry that somebody removed comes back, and is told of', async () => {
    await box.host.must('ipvsadm', ['-d', '-t', '192.0.2.100:80', '-r', '198.51.100.11:80'])
    const { text } = await box.untilEvent(({ event }) => event === 'table-repaired')
    assert.match(text, /add-destination 198\.51\.100\.11:80 of tcp 192\.0\.2\.100:80/)
    assert.deepEqual(await answers(client, 4), { web11: 2, web12: 2 })
  })

  await t.test(
    'a director that is killed changes nothing while it is away or comes back',
    async () => {
      const before = await box.host.must('ipvsadm', ['-Sn'])
      const requests = answers(client, 60)
      process.kill(box.pidOf('director'), 'SIGKILL')
      const counts = await requests
      assert.deepEqual(Object.keys(counts).sort(), ['web11', 'web12'])
      await box.untilServer('shop/web11', 'up')
      assert.equal(await box.host.must('ipvsadm', ['-Sn']), before)
    },
  )

  await t.test('the commands say what is', async () => {
    const shown = await box.cli('services')
    assert.match(shown.stdout, /shop {2}tcp 192\.0\.2\.100:80 {2}rr {2}UP, its servers serve/)
    const explained = await box.cli('explain', 'web11')
    assert.match(explained.stdout, /shop\/web11 \(198\.51\.100\.11:80\) is UP/)
    const traffic = await box.cli('services', '--stats')
    assert.match(traffic.stdout, /-> web11 +198\.51\.100\.11:80 +1 /)
  })
})
