import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseConnection } from '../../appliance/ipvs/connection.ts'

test('a connection of IPv4', () => {
  assert.deepEqual(
    parseConnection('TCP C0000209 D3C2 C0000264 0050 C633640B 1F90 ESTABLISHED     894'),
    {
      protocol: 'tcp',
      client: { address: '192.0.2.9', port: 54210 },
      virtual: { address: '192.0.2.100', port: 80 },
      server: { address: '198.51.100.11', port: 8080 },
      state: 'ESTABLISHED',
      expiresInSeconds: 894,
      origin: null,
      engine: null,
    },
  )
})

test('a connection of IPv6, and one whose server is in the other family', () => {
  const client = '2001:0db8:0000:0000:0000:0000:0000:0009'
  const virtual = '2001:0db8:0000:0000:0000:0000:0000:0064'
  const line = (server: string) =>
    `UDP ${client} 0035 ${virtual} 0035 ${server} 0035 UDP             299`
  const [same, mixed] = [client, 'C633640B'].map(server => parseConnection(line(server)))
  assert.deepEqual(same?.server, { address: '2001:db8::9', port: 53 })
  assert.deepEqual(mixed?.virtual, { address: '2001:db8::64', port: 53 })
  assert.deepEqual(mixed?.server, { address: '198.51.100.11', port: 53 })
})

test('where it was seen first, and what an engine knows it by', () => {
  const ends = 'UDP C0000209 D3C2 C0000264 13C4 C633640B 13C4 UDP        '
  assert.equal(parseConnection(`${ends} SYNC       12`)?.origin, 'sync')
  assert.equal(parseConnection(`${ends} LOCAL      12`)?.origin, 'local')
  const call = parseConnection(`${ends}     180 sip call-id@192.0.2.9`)
  assert.deepEqual(call?.engine, { name: 'sip', data: 'call-id@192.0.2.9' })
  assert.equal(call?.expiresInSeconds, 180)
})

test('titles and broken lines are no connections', () => {
  for (const line of [
    'Pro FromIP   FPrt ToIP     TPrt DestIP   DPrt State       Expires PEName PEData',
    'Pro FromIP   FPrt ToIP     TPrt DestIP   DPrt State       Origin Expires',
    'TCP C0000209 D3C2 C0000264 0050 C633640B 1F90 ESTABLISHED',
    'TCP C0000209 D3C2 C0000264 0050 C633640B',
    'TCP C000020 D3C2 C0000264 0050 C633640B 1F90 ESTABLISHED 894',
    'TCP 2001::db8:: D3C2 C0000264 0050 C633640B 1F90 ESTABLISHED 894',
    '',
  ]) {
    assert.equal(parseConnection(line), null, line)
  }
})
