/** Runs inside of the kernel as a test, and prints its samples. */
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import type { Diarch } from '../../lab/namespaces/diarch.ts'
import { openLab, type TestContext } from '../../lab/namespaces/lab.ts'
import type { Program } from '../../lab/namespaces/program.ts'
import { until } from '../../net/vrrp-network.ts'
import { Farm } from './farm.ts'
import { IpvsRequests } from './ipvs-requests.ts'
import { type Restart, type Restarts, tellSamples } from './samples.ts'
import { command, directorOf, shippedBox } from './shipped-box.ts'

const rounds = 5
const [vip, port] = ['192.0.2.100', 80]
/** All checks have been asked again, and the table was looked at. */
const settleMs = 3000

const cluster = {
  checks: { connect: { kind: 'tcp', interval: '1s', timeout: '1s', fall: 1 } },
  services: {
    shop: {
      virtual: [{ address: vip, port, held: false }],
      scheduler: 'rr',
      forwarding: 'nat',
      checks: ['connect'],
      servers: { s11: '198.51.100.11:80', s12: '198.51.100.12:80' },
    },
  },
}

/** Client, director and real servers in a row. */
async function network(t: TestContext) {
  const lab = await openLab(t)
  const [front, back] = [await lab.switch('front'), await lab.switch('back')]
  const [client, director] = [await lab.host('client'), await lab.host('director')]
  await client.plug(front, { name: 'eth0', address: '192.0.2.9/24' })
  await director.plug(front, { name: 'eth0', address: ['192.0.2.1/24', `${vip}/32`] })
  await director.plug(back, { name: 'eth1', address: '198.51.100.1/24' })
  for (const n of [11, 12]) {
    const host = await lab.host(`s${n}`)
    await host.plug(back, { name: 'eth0', address: `198.51.100.${n}/24` })
    await host.must('ip', ['route', 'add', 'default', 'via', '198.51.100.1'])
    await new Farm(host, port).start()
  }
  return { client, director }
}

type Asked = { readonly requests: number; readonly failed: number }

async function askedSoFar(requester: Program): Promise<Asked> {
  const from = requester.output.length
  requester.signal('SIGUSR2')
  const [line] = await requester.until(/^\{.*\}$/m, { from })
  return JSON.parse(line)
}

const allUp = async (box: Diarch): Promise<void> => {
  for (const name of ['s11', 's12']) await box.untilServer(`shop/${name}`, 'up')
}

test('samples', async t => {
  execFileSync('modprobe', ['-a', 'nlmon', 'ip_vs', 'ip_vs_rr'])
  const { client, director } = await network(t)
  const seen = await IpvsRequests.on(director)
  const box = await shippedBox(director, cluster)
  await allUp(box)
  await wait(settleMs)
  const firstChanges = seen.changes
  const table = await director.must('ipvsadm', ['-Sn'])

  const program = join(import.meta.dirname, 'requester.ts')
  const requester = await client.start(process.execPath, [
    program,
    JSON.stringify({ address: vip, port }),
  ])
  await requester.until(/asking/)

  const restart = async (blow: (pid: number) => unknown): Promise<Restart> => {
    await wait(settleMs)
    const [before, { reads, changes }] = [await askedSoFar(requester), { ...seen }]
    const pid = directorOf(box)
    if (pid === null) throw new Error('the director does not run')
    await blow(pid)
    await until('another director runs', async () => {
      const now = directorOf(box)
      return now !== null && now !== pid
    })
    await until('it asks', async () => {
      const { body } = await box.ask('GET', '/api/v1/checks')
      return (body as { readonly lateMs?: { readonly starts: number } }).lateMs?.starts !== 0
    })
    await allUp(box)
    await wait(settleMs)
    const after = await askedSoFar(requester)
    return {
      requests: after.requests - before.requests,
      failed: after.failed - before.failed,
      reads: seen.reads - reads,
      changes: seen.changes - changes,
    }
  }

  const [killed, asked]: [Restart[], Restart[]] = [[], []]
  for (let round = 0; round < rounds; round++) {
    killed.push(await restart(pid => process.kill(pid, 'SIGKILL')))
    asked.push(await restart(() => command(box, 'restart', 'director')))
  }
  assert.equal(await director.must('ipvsadm', ['-Sn']), table)
  const samples: Restarts = { firstChanges, killed, asked }
  tellSamples(samples)
})
