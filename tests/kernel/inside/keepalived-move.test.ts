import assert from 'node:assert/strict'
import { test } from 'node:test'
import { exportKeepalived } from '../../../appliance/keepalived/export.ts'
import { importKeepalived } from '../../../appliance/keepalived/import.ts'
import { diarch } from '../../lab/namespaces/diarch.ts'
import type { Host } from '../../lab/namespaces/host.ts'
import { openLab } from '../../lab/namespaces/lab.ts'
import { WebServer } from '../../lab/namespaces/web-server.ts'
import { directPair } from '../../net/keepalived-pairs.ts'
import { entriesOf, valid } from '../../unit/keepalived-import-words.ts'

const table = async (host: Host): Promise<string> =>
  (await host.must('ipvsadm', ['-S', '-n'])).trim().split('\n').sort().join('\n')

/** Whatever the time a weak machine takes for it. */
const untilTable = async (host: Host, wanted: (text: string) => boolean): Promise<string> => {
  for (let tries = 0; ; tries += 1) {
    const text = await table(host)
    if (wanted(text)) return text
    if (tries === 300) throw new Error(`on ${host.name} the table stays\n${text}`)
    await new Promise(resolve => setTimeout(resolve, 100))
  }
}

test('a pair with direct routing: Diarch and keepalived have the same table', async t => {
  const lab = await openLab(t)
  const lan = await lab.switch('lan')
  const [one, two] = [await lab.host('one'), await lab.host('two')]
  await one.plug(lan, { name: 'eth0', address: '192.0.2.1/24' })
  await two.plug(lan, { name: 'eth0', address: '192.0.2.2/24' })
  const servers = []
  for (const n of [11, 12]) {
    const host = await lab.host(`web${n}`)
    await host.plug(lan, { name: 'eth0', address: `192.0.2.${n}/24` })
    const server = new WebServer(host)
    await server.start()
    servers.push(server)
  }

  const { document, findings } = importKeepalived(entriesOf(directPair[0]))
  assert.deepEqual(
    findings.filter(({ outcome }) => outcome === 'unsupported' || outcome === 'refused'),
    [],
  )
  const box = await diarch(one, document as object)
  // What came out of it again is what the other one runs.
  const { text } = exportKeepalived(valid(document), { secrets: false })
  const own = text.replace('priority 150', 'priority 100')
  await two.write('/run/keepalived.conf', own)
  const peer = await two.start('keepalived', [
    ...['--dont-fork', '--log-console', '--log-detail', '--use-file', '/run/keepalived.conf'],
    ...['-p', '/run/main.pid', '-r', '/run/vrrp.pid', '-c', '/run/checks.pid'],
  ])
  await peer.until(/Startup complete/)
  await box.untilRouter('VI_LVS', 'MASTER')

  const both = (text: string) => text.split('\n').length === 3
  const ours = await untilTable(one, both)
  assert.equal(await untilTable(two, both), ours)
  assert.match(ours, /-A -t 192\.0\.2\.100:80 -s wrr -p 50/)

  await servers[1]?.stop()
  const left = (text: string) => text.split('\n').length === 2
  assert.equal(await untilTable(two, left), await untilTable(one, left))
  await servers[1]?.start()
  assert.equal(await untilTable(two, both), await untilTable(one, both))
})
