import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import type { Finding } from '../../appliance/health/check.ts'
import type { Host } from '../lab/namespaces/host.ts'
import { openLab } from '../lab/namespaces/lab.ts'
import { runInside, startInside, told } from './inside-host.ts'

const vips = { inet: '192.0.2.100', inet6: '2001:db8::100' } as const

/** A director, a backup, and two real servers, of which one has the virtual addresses on lo. */
const network = async (t: TestContext) => {
  const lab = await openLab(t)
  const lan = await lab.switch('lan')
  const host = async (name: string, n: number): Promise<Host> => {
    const one = await lab.host(name)
    await one.plug(lan, { name: 'eth0', address: [`192.0.2.${n}/24`, `2001:db8::${n}/64`] })
    return one
  }
  const [director, backup] = [await host('director', 1), await host('backup', 2)]
  await director.must('ip', ['address', 'add', `${vips.inet}/24`, 'dev', 'eth0'])
  await director.must('ip', ['address', 'add', `${vips.inet6}/64`, 'dev', 'eth0', 'nodad'])
  const [good, bare] = [await host('good', 11), await host('bare', 12)]
  await good.must('sysctl', ['-q', 'net.ipv4.conf.all.arp_ignore=1'])
  await good.must('ip', ['address', 'add', `${vips.inet}/32`, 'dev', 'lo'])
  await good.must('ip', ['address', 'add', `${vips.inet6}/128`, 'dev', 'lo'])
  for (const server of [good, bare]) await listen(server)
  return { director, backup, good, bare }
}

const listen = async (host: Host): Promise<void> => {
  const script = `require('node:net').createServer(one => one.end()).listen(80, '::', () => {
    console.log('listening')
  })`
  await (await host.start(process.execPath, ['-e', script])).until(/listening/)
}

const found = async (host: Host, args: object): Promise<readonly Finding[]> => {
  const program = await startInside(host, 'ask-through', args)
  const { code } = await program.closed
  assert.equal(code, 0, program.output)
  return told<Finding>(program)
}

const serversOf = { inet: ['192.0.2.11', '192.0.2.12'], inet6: ['2001:db8::11', '2001:db8::12'] }

for (const family of ['inet', 'inet6'] as const) {
  test(`${family}: the virtual address is asked through each server`, async t => {
    const { director, backup, good } = await network(t)
    const address = vips[family]
    const through = serversOf[family]
    // The master has the address itself; the backup's kernel answers with a reset of its own.
    for (const box of [director, backup]) {
      const [up, down] = await found(box, { address, port: 80, through })
      assert.equal(up!.kind, 'passed', up!.why)
      assert.match(up!.why, /answers through \S+11 in [\d.]+ ms/)
      assert.deepEqual([down!.kind, 'reason' in down! && down.reason], ['failed', 'timeout'])
      assert.match(down!.why, /loopback has no/)
    }
    const [closed] = await found(director, { address, port: 81, through: through.slice(0, 1) })
    assert.equal('reason' in closed! && closed.reason, 'refused', closed!.why)
    const half = await good.must('ss', ['-Htn', 'state', 'syn-recv'])
    assert.equal(half, '', 'a handshake is left half open')
  })
}

test('a server that passes the question on is not taken for one that answers', async t => {
  const { director, backup, bare } = await network(t)
  await bare.must('sysctl', ['-q', 'net.ipv4.ip_forward=1'])
  await listen(director)
  const [finding] = await found(backup, { address: vips.inet, port: 80, through: ['192.0.2.12'] })
  assert.equal('reason' in finding! && finding.reason, 'wrong-answer', finding!.why)
  assert.ok(finding!.why.includes(`answered by ${await director.mac('eth0')}`), finding!.why)
})

test('what cannot be asked says why', async t => {
  const { director } = await network(t)
  const through = ['203.0.113.1', '192.0.2.99']
  const [far, gone] = await found(director, { address: vips.inet, port: 80, through })
  assert.equal('reason' in far! && far.reason, 'cannot-ask')
  assert.match(far!.why, /203\.0\.113\.1 is in no network of this box/)
  assert.equal('reason' in gone! && gone.reason, 'unreachable')
  assert.match(gone!.why, /192\.0\.2\.99 does not answer ARP on eth0/)
})

test('who answers for a virtual address: only servers that should not', async t => {
  const { director, good, bare } = await network(t)
  const ask = (args: object) => runInside<readonly string[]>(director, 'who-answers', args)
  const [goodMac, bareMac] = [await good.mac('eth0'), await bare.mac('eth0')]
  const { inet: address, inet6 } = vips
  for (const sender of [null, '192.0.2.1']) {
    assert.deepEqual(await ask({ address, sender }), [], `from ${sender}: the director itself?`)
  }
  await good.must('sysctl', ['-q', 'net.ipv4.conf.all.arp_ignore=0'])
  await bare.must('ip', ['address', 'add', `${address}/32`, 'dev', 'eth0'])
  for (const sender of [null, '192.0.2.1']) {
    const answers = await ask({ address, sender })
    assert.deepEqual(answers.toSorted(), [goodMac, bareMac].toSorted(), `from ${sender}`)
  }
  // On lo it answers nobody with IPv6; on the card it does.
  assert.deepEqual(await ask({ address: inet6 }), [])
  await bare.must('ip', ['address', 'add', `${inet6}/128`, 'dev', 'eth0', 'nodad'])
  for (const sender of [null, '2001:db8::1']) {
    assert.deepEqual(await ask({ address: inet6, sender }), [bareMac], `from ${sender}`)
  }
  const server = '2001:db8::11'
  assert.deepEqual(await ask({ address: server, sender: null, until: 'first' }), [goodMac])
})
