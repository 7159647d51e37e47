import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseDocument } from '../../../appliance/config/document.ts'
import { exportIpvsadm } from '../../../appliance/keepalived/export-ipvsadm.ts'
import { diarch } from '../../lab/namespaces/diarch.ts'
import { openLab } from '../../lab/namespaces/lab.ts'

/** Every server is up, for nobody asks it. */
const service = (virtual: unknown, more: object = {}): object => ({
  virtual,
  checks: [],
  servers: { a: '198.51.100.11:80', b: { address: '198.51.100.12', port: 80, weight: 3 } },
  ...more,
})

const at = (address: string, port?: number) => ({ address, ...(port && { port }), held: false })

const six = { servers: { a: '[2001:db8::11]:80', b: '[2001:db8::12]:80' } }

const config = {
  schemaVersion: 2,
  cluster: {
    services: {
      plain: service([at('192.0.2.100', 80)]),
      range: service([at('192.0.2.110-112', 80)], { scheduler: 'rr' }),
      sticky: service([at('192.0.2.101', 80)], {
        persistence: { time: '5m', granularity: 20 },
        scheduler: 'wrr',
      }),
      ports: service([at('192.0.2.102')], {
        persistence: '360s',
        forwarding: 'direct',
        servers: { a: '192.0.2.11', b: '192.0.2.12' },
      }),
      hash: service([at('192.0.2.103', 80)], {
        scheduler: 'sh',
        schedulerFlags: ['sh-fallback', 'sh-port'],
      }),
      maglev: service([at('192.0.2.104', 80)], { scheduler: 'mh', schedulerFlags: ['mh-port'] }),
      names: service([at('192.0.2.105', 53)], {
        protocol: 'udp',
        onePacket: true,
        servers: { a: '198.51.100.11:53' },
      }),
      sip: service([at('192.0.2.106', 5060)], {
        protocol: 'udp',
        persistence: { time: '1m', engine: 'sip' },
        servers: { a: '198.51.100.11:5060' },
      }),
      signals: service([at('192.0.2.107', 80)], { protocol: 'sctp' }),
      limits: service([at('192.0.2.108', 80)], {
        servers: {
          a: { address: '198.51.100.11', port: 80, mostConnections: 500, resumeBelow: 400 },
          b: { address: '198.51.100.12', port: 80, weight: 0, mostConnections: 7 },
        },
      }),
      marked: service([{ mark: 7 }], { servers: { a: '198.51.100.11' } }),
      'marked-6': service([{ mark: 8, family: 'inet6' }], {
        persistence: { time: '5m', granularity: 64 },
        servers: { a: '[2001:db8::11]' },
      }),
      six: service([at('2001:db8::100', 80)], six),
      tunnels: service([at('192.0.2.109', 80)], {
        forwarding: 'tunnel',
        servers: {
          a: '198.51.100.11:80',
          b: {
            address: '198.51.100.12',
            port: 80,
            forwarding: { tunnel: 'gre', checksum: 'full' },
          },
          c: { address: '198.51.100.13', port: 80, forwarding: { tunnel: 'gue', port: 6080 } },
          d: {
            address: '198.51.100.14',
            port: 80,
            forwarding: { tunnel: 'gue', port: 6081, checksum: 'remote' },
          },
        },
      }),
    },
  },
}

const sorted = (text: string): readonly string[] => text.trim().split('\n').sort()

test('ipvsadm makes of the export what the director makes of the document', async t => {
  const parsed = parseDocument(config)
  assert.equal(parsed.kind, 'document', JSON.stringify(parsed))
  if (parsed.kind !== 'document') return
  const { text, findings } = exportIpvsadm(parsed.document)
  assert.deepEqual(findings, [])

  const lab = await openLab(t)
  const lan = await lab.switch('lan')
  const [ours, theirs] = [await lab.host('ours'), await lab.host('theirs')]
  await ours.plug(lan, { name: 'eth0', address: ['192.0.2.1/24', '2001:db8::1/64'] })
  await theirs.write('/run/saved', text)
  await theirs.must('sh', ['-c', 'ipvsadm -R < /run/saved'])
  const restored = sorted(await theirs.must('ipvsadm', ['-S', '-n']))
  // Line for line as ipvsadm itself writes it, but that it forgets the limits.
  assert.deepEqual(restored, sorted(text.replace(/ -[xy] \d+/g, '')))

  await diarch(ours, config)
  const written = `until [ $(ipvsadm -S -n | wc -l) -ge ${restored.length} ]; do sleep 0.1; done`
  await ours.must('timeout', ['60', 'sh', '-c', written])
  for (const show of [
    ['-S', '-n'],
    ['-L', '-n', '--thresholds'],
  ]) {
    const [one, other] = [await ours.must('ipvsadm', show), await theirs.must('ipvsadm', show)]
    assert.deepEqual(sorted(one), sorted(other))
  }
  assert.match(await theirs.must('ipvsadm', ['-L', '-n', '--thresholds']), /500 +400/)
})
