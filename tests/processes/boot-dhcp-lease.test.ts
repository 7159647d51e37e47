import assert from 'node:assert/strict'
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { inOwnNetwork } from './own-network.ts'

const script = join(import.meta.dirname, '../../rootfs/skeleton/usr/lib/diarch/dhcp-lease')

inOwnNetwork(import.meta.filename, () => {
  const ip = (...words: string[]): string =>
    execFileSync('ip', words, { encoding: 'utf8', stdio: 'pipe' })
  const folder = mkdtempSync(join(tmpdir(), 'diarch-dhcp-'))
  const resolver = join(folder, 'resolv.conf')
  const env = { ...process.env, DIARCH_RUN: folder, DIARCH_RESOLVER: resolver }
  const started: ChildProcess[] = []
  after(async () => {
    for (const child of started) {
      if (child.exitCode !== null || child.signalCode !== null) continue
      child.kill('SIGKILL')
      await once(child, 'exit')
    }
    rmSync(folder, { recursive: true })
  })

  const start = (...words: string[]): ChildProcess => {
    const child = spawn('/bin/busybox', words, { env, stdio: 'ignore' })
    started.push(child)
    return child
  }
  const until = async (what: string, condition: () => boolean): Promise<void> => {
    const deadline = performance.now() + 30_000
    while (!condition()) {
      if (performance.now() > deadline) throw new Error(`not within 30 s: ${what}`)
      await wait(50)
    }
  }
  const defaultRoutes = (): string[] =>
    ip('route', 'show')
      .split('\n')
      .filter(line => line.startsWith('default'))
  const addresses = (): string => ip('-4', 'address', 'show', 'dev', 'port1')

  test('a lease of a real server is set, renewed and given up; other addresses stay', async () => {
    ip('link', 'add', 'port1', 'type', 'veth', 'peer', 'name', 'server')
    ip('address', 'add', '192.0.2.1/24', 'dev', 'server')
    ip('link', 'set', 'server', 'up')
    ip('link', 'set', 'port1', 'up')
    ip('address', 'add', '198.51.100.7/32', 'dev', 'port1')
    // A box has no other `ip` than this; it says which it is by refusing what only the other knows.
    for (const path of ['/usr/bin/ip', '/usr/sbin/ip'].filter(existsSync)) {
      execFileSync('mount', ['--bind', '/bin/busybox', realpathSync(path)])
    }
    assert.throws(() => ip('-json', 'link'))
    const leases = join(folder, 'server.leases')
    writeFileSync(leases, '')
    writeFileSync(
      join(folder, 'server.conf'),
      `start 192.0.2.50\nend 192.0.2.50\ninterface server\nlease_file ${leases}\n` +
        `pidfile ${folder}/server.pid\noption subnet 255.255.255.0\noption router 192.0.2.1\n` +
        'option dns 192.0.2.1 192.0.2.2\noption domain example.org\n' +
        'option ntpsrv 192.0.2.8 192.0.2.9\noption lease 20\n',
    )
    start('udhcpd', '-f', join(folder, 'server.conf'))
    const client = start(
      'udhcpc',
      '-f',
      '-i',
      'port1',
      '-s',
      script,
      '-t',
      '20',
      '-T',
      '1',
      '-O',
      'ntpsrv',
    )
    await until('the address is there', () => addresses().includes('192.0.2.50/24'))
    await until(
      'the name servers are there',
      () => existsSync(resolver) && readFileSync(resolver, 'utf8') !== '',
    )
    assert.match(
      defaultRoutes().join(),
      /via 192\.0\.2\.1 dev port1 +src 192\.0\.2\.50 +metric 10\d/,
    )
    assert.equal(
      readFileSync(resolver, 'utf8'),
      'search example.org\nnameserver 192.0.2.1\nnameserver 192.0.2.2\n',
    )

    assert.equal(readFileSync(join(folder, 'dhcp/port1.time'), 'utf8'), '192.0.2.8 192.0.2.9\n')

    const secondsLeft = (): number => {
      const [, rest = ''] = addresses().split('192.0.2.50')
      return Number(/valid_lft (\d+)sec/.exec(rest)?.[1] ?? 0)
    }
    await until('half of the lease is over', () => secondsLeft() <= 11)
    await until('it was renewed', () => secondsLeft() >= 17)

    client.kill('SIGKILL')
    await once(client, 'exit')
    execFileSync(script, ['deconfig'], { env: { ...env, interface: 'port1' } })
    assert.doesNotMatch(addresses(), /192\.0\.2\.50/)
    assert.match(addresses(), /198\.51\.100\.7/)
    assert.deepEqual(defaultRoutes(), [])
    assert.equal(readFileSync(resolver, 'utf8'), '')
    assert.equal(existsSync(join(folder, 'dhcp/port1.time')), false)
  })

  test('name servers of the configuration take the place of those of a lease', () => {
    const run = (what: string, dns: string) =>
      execFileSync(script, [what], {
        env: { ...env, interface: 'port1', ip: '192.0.2.60', mask: '24', lease: '60', dns },
      })
    const servers = () => readFileSync(resolver, 'utf8')
    run('bound', '192.0.2.1')
    writeFileSync(join(folder, 'dhcp/configured'), 'nameserver 192.0.2.53\n')
    run('resolver', '')
    assert.equal(servers(), 'nameserver 192.0.2.53\n')
    run('renew', '192.0.2.2')
    assert.equal(servers(), 'nameserver 192.0.2.53\n')
    writeFileSync(join(folder, 'dhcp/configured'), '')
    run('resolver', '')
    assert.equal(servers(), 'nameserver 192.0.2.2\n')
  })

  test('a network of one address reaches its router; another address replaces the first', () => {
    const bound = (address: string, mask: string) =>
      execFileSync(script, ['bound'], {
        env: { ...env, interface: 'port1', ip: address, mask, router: '203.0.113.1', lease: '60' },
      })
    bound('192.0.2.60', '32')
    assert.match(defaultRoutes().join(), /via 203\.0\.113\.1 dev port1/)
    bound('192.0.2.61', '32')
    assert.doesNotMatch(addresses(), /192\.0\.2\.60/)
    assert.match(addresses(), /192\.0\.2\.61/)
  })
})
