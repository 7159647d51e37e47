import assert from 'node:assert/strict'
import { test } from 'node:test'
import { importPair } from '../../appliance/keepalived/import-pair.ts'
import { diarch } from '../lab/namespaces/diarch.ts'
import type { Host } from '../lab/namespaces/host.ts'
import { keepalived } from '../lab/namespaces/keepalived.ts'
import type { Program } from '../lab/namespaces/program.ts'
import { entriesOf } from '../unit/keepalived-import-words.ts'
import { directPair, nginxPair, type PairFiles, threeTierPair } from './keepalived-pairs.ts'
import { holdsVirtual, network, until } from './vrrp-network.ts'

/** What `diarch import one.conf other.conf` makes for the first node; the other stays as it is. */
const moved = ([one, other]: PairFiles) => {
  const { documents, findings } = importPair(entriesOf(one), entriesOf(other))
  assert.deepEqual(
    findings.filter(({ outcome }) => outcome === 'refused'),
    [],
  )
  const said = findings
    .filter(({ outcome }) => outcome === 'unsupported')
    .map(({ place, text }) => ({ line: place.line, text }))
  return { document: documents[0] as object, said }
}

const only = async (there: Host, notThere: Host): Promise<void> =>
  until('one of them has the address', async () => {
    return (await holdsVirtual(there)) && !(await holdsVirtual(notThere))
  })

test('the nginx pair: a failing check moves the address to keepalived, and back', async t => {
  const { one, two } = await network(t)
  const { document, said } = moved(nginxPair)
  assert.deepEqual(said, [])
  for (const host of [one, two]) await host.write('/run/nginx.pid', '1\n')
  const peer = await keepalived(two, nginxPair[1])
  const box = await diarch(one, document)
  await box.untilRouter('VI_1', 'MASTER')
  await peer.untilState('VI_1', 'BACKUP')
  await only(one, two)

  await one.must('rm', ['/run/nginx.pid'])
  await peer.untilState('VI_1', 'MASTER')
  const backup = await box.untilRouter('VI_1', r => r.state === 'BACKUP' && r.master !== null)
  assert.equal(backup.master?.priority, 100)
  await only(two, one)

  await one.write('/run/nginx.pid', '1\n')
  await box.untilRouter('VI_1', 'MASTER')
  await peer.untilState('VI_1', 'BACKUP')
  await only(one, two)
})

test('the direct routing pair: keepalived crashes, and comes back', async t => {
  const { one, two } = await network(t)
  const { document, said } = moved([directPair[1], directPair[0]])
  assert.deepEqual(said, [])
  const peer = await keepalived(two, directPair[0])
  const box = await diarch(one, document)
  await peer.untilState('VI_LVS', 'MASTER')
  await box.untilRouter('VI_LVS', r => r.state === 'BACKUP' && r.master?.priority === 150)
  await peer.stop()
  await box.untilRouter('VI_LVS', 'MASTER')
  await only(one, two)
  const again = await keepalived(two, directPair[0])
  await again.untilState('VI_LVS', 'MASTER')
  await box.untilRouter('VI_LVS', r => r.state === 'BACKUP' && r.master?.priority === 150)
  await only(two, one)
})

/** The mail server of those files: what it takes is its output. */
const mailServer = async (host: Host): Promise<Program> => {
  const words = ['-n', '-l', '192.0.2.25:25', '-c', 'aiosmtpd.handlers.Debugging', 'stdout']
  const server = await host.start('aiosmtpd', words, { env: { PYTHONUNBUFFERED: '1' } })
  const listens = 'until (: < /dev/tcp/192.0.2.25/25) 2> /dev/null; do sleep 0.05; done'
  await host.must('bash', ['-c', listens])
  return server
}

test('three tiers: the addresses move together, scripts and people are told', async t => {
  const { lab, plug, one, two, links } = await network(t)
  const postOffice = await lab.host('mail')
  await plug(postOffice, 25)
  const mails = await mailServer(postOffice)
  const inner = await lab.switch('inner')
  for (const [index, host] of [one, two].entries()) {
    await host.plug(inner, { name: 'eth1', address: `198.51.100.${index + 1}/24` })
  }
  const { document, said } = moved(threeTierPair)
  assert.deepEqual(said, [])

  const peer = await keepalived(two, threeTierPair[1])
  const box = await diarch(one, document)
  for (const name of ['OUTER', 'INNER']) {
    await box.untilRouter(name, 'MASTER')
    await peer.untilState(name, 'BACKUP')
  }
  await one.must('sh', [
    '-c',
    'until test -e /run/group-master -a -e /run/outer-master; do sleep 0.05; done',
  ])

  await box.supervisor.until(/alerts is running/)
  await links[0].cut()
  for (const name of ['OUTER', 'INNER']) await peer.untilState(name, 'MASTER')
  await box.untilRouter('OUTER', 'FAULT')
  await links[0].heal()
  for (const name of ['OUTER', 'INNER']) {
    await box.untilRouter(name, 'MASTER')
    await peer.untilState(name, 'BACKUP')
  }

  // The way to the mail server was cut with that link. What lb2 sends is of keepalived.
  await mails.until(/^From: lb1@example.com\nTo: admins@example.com$/m)
  await mails.until(/^OUTER: fault: [\s\S]*^OUTER: master: preempts 192.0.2.2/m)
})
