import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdir, readFile, readlink } from 'node:fs/promises'
import { test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { keepalived } from '../lab/namespaces/keepalived.ts'
import { openLab } from '../lab/namespaces/lab.ts'

/** The network namespaces in which anybody runs. */
const namespaces = async (): Promise<Set<string>> => {
  const pids = (await readdir('/proc')).filter(name => /^\d+$/.test(name))
  const links = await Promise.all(pids.map(pid => readlink(`/proc/${pid}/ns/net`).catch(() => '')))
  return new Set(links)
}

const untilGone = async (wanted: readonly string[]): Promise<void> => {
  const deadline = Date.now() + 20_000
  for (;;) {
    const left = wanted.filter(Set.prototype.has, await namespaces())
    if (left.length === 0) return
    if (Date.now() > deadline) throw new Error(`still there after 20 s: ${left}`)
    await wait(50)
  }
}

const namespaceOf = (pid: number) => readlink(`/proc/${pid}/ns/net`)

const labThatStays = `
  import { openLab } from '${new URL('../lab/namespaces/lab.ts', import.meta.url)}'
  const lab = await openLab()
  const lan = await lab.switch('lan')
  const host = await lab.host('one')
  await host.plug(lan, { name: 'eth0', address: '192.0.2.1/24' })
  // A daemon that nobody here is the parent of, and one that ignores what it can.
  await host.must('sh', ['-c', 'setsid sleep 1000 >/dev/null 2>&1 &'])
  const stubborn = await host.start('sh', ['-c', 'trap "" TERM HUP INT; echo on; sleep 1000'])
  await stubborn.until(/on/)
  const stopped = await host.start('sleep', ['1000'])
  stopped.signal('SIGSTOP')
  console.log(JSON.stringify([lab.ground.pid, host.pid]))
  setInterval(() => {}, 1000)`

test('when the test is killed, nothing of its lab stays', async () => {
  const child = spawn(process.execPath, ['--input-type=module', '-e', labThatStays], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [line] = await once(child.stdout, 'data')
  const made = await Promise.all((JSON.parse(String(line)) as number[]).map(namespaceOf))
  const before = await namespaces()
  assert.ok(made.length === 2 && made.every(name => before.has(name)))
  child.kill('SIGKILL')
  await untilGone(made)
})

test('closing a lab ends what runs in it', async () => {
  const lab = await openLab()
  const host = await lab.host('one')
  const program = await host.start('sleep', ['1000'])
  const made = [await namespaceOf(lab.ground.pid), await namespaceOf(host.pid)]
  await lab.close()
  assert.equal((await program.ended).signal, 'SIGKILL')
  await untilGone(made)
})

test('two labs with the same names do not meet, and the machine sees neither', async t => {
  const outside = await readFile('/proc/net/dev', 'utf8')
  const devices = (text: string) => text.match(/^ *[^:\s]+(?=:)/gm)
  const labs = await Promise.all([openLab(t), openLab(t)])
  const hosts = await Promise.all(
    labs.map(async lab => {
      const lan = await lab.switch('lan')
      const [one, two] = [await lab.host('one'), await lab.host('two')]
      await one.plug(lan, { name: 'eth0', address: '192.0.2.1/24' })
      if (lab === labs[0]) await two.plug(lan, { name: 'eth0', address: '192.0.2.2/24' })
      return one
    }),
  )
  assert.equal(await hosts[0]!.pings('192.0.2.2'), true)
  assert.equal(await hosts[1]!.pings('192.0.2.2'), false)
  assert.deepEqual(devices(await readFile('/proc/net/dev', 'utf8')), devices(outside))
})

test('hosts have names, processes and a /run of their own', async t => {
  const lab = await openLab(t)
  const [one, two] = [await lab.host('one'), await lab.host('two')]
  assert.equal(await one.must('hostname'), 'one\n')
  await one.write('/run/deep/note', 'of one')
  assert.equal(await one.read('/run/deep/note'), 'of one')
  assert.equal(await one.must('cat', ['/run/deep/note']), 'of one')
  assert.notEqual((await two.run('cat', ['/run/deep/note'])).code, 0)
  assert.equal(await one.must('ls', ['/sys/class/net']), 'lo\n')
})

test('several keepalived run on one host', async t => {
  const lab = await openLab(t)
  const lan = await lab.switch('lan')
  const host = await lab.host('one')
  await host.plug(lan, { name: 'eth0', address: '192.0.2.1/24' })
  const router = (id: number) => `vrrp_instance V {
    interface eth0
    virtual_router_id ${id}
    virtual_ipaddress { 192.0.2.${id} }
  }`
  const [a, b] = await Promise.all([keepalived(host, router(8)), keepalived(host, router(9))])
  await a.untilState('V', 'MASTER')
  await b.untilState('V', 'MASTER')
})

test('orphans are reaped', async t => {
  const lab = await openLab(t)
  const host = await lab.host('one')
  const orphan = await host.must('sh', ['-c', 'sleep 1000 >/dev/null 2>&1 & echo $!'])
  // The holder of the host is a sleep too. A zombie would be listed with the name that it had.
  const untilSleepers = async (wanted: number) => {
    const deadline = Date.now() + 20_000
    for (;;) {
      const listed = await host.must('ps', ['-e', '-o', 'stat,comm'])
      if (listed.match(/ sleep/g)?.length === wanted) return
      assert.ok(Date.now() < deadline, `not ${wanted} of sleep:\n${listed}`)
      await wait(50)
    }
  }
  await untilSleepers(2)
  await host.must('kill', [orphan.trim()])
  await untilSleepers(1)
})

test('a command that fails tells where, what and why', async t => {
  const lab = await openLab(t)
  const host = await lab.host('one')
  await assert.rejects(host.must('ip', ['link', 'show', 'nothing']), {
    message: /^on one: ip link show nothing ended with 1: .*nothing/,
  })
  await assert.rejects(host.must('no-such-program'), /run no-such-program: No such file/)
  const program = await host.start('sh', ['-c', 'echo first; exit 3'])
  await assert.rejects(program.until(/second/), /ended \(with code 3\) before it said .*first/s)
  await assert.rejects(host.start('true', [], { cwd: '/no/such/place' }), /no\/such\/place/)
  assert.equal(await host.must('cat', [], { input: 'words' }), 'words')
})
