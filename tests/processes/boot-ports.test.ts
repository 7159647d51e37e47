import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, test } from 'node:test'
import { encodePorts } from '../../appliance/boot/ports-json.ts'
import { namePorts } from '../../appliance/linux/port-naming.ts'
import { describePhysicalPort, netClass, readPorts } from '../../appliance/linux/sysfs-ports.ts'
import { PortNames } from '../../appliance/supervisor/port-names.ts'
import { inOwnNetwork } from './own-network.ts'

inOwnNetwork(import.meta.filename, () => {
  const ip = (...words: string[]): string => execFileSync('ip', words, { encoding: 'utf8' })
  const mac = (n: number): string => `52:54:00:00:00:0${n}`
  const addressOf = (name: string): string =>
    readFileSync(join(netClass, name, 'address'), 'utf8').trim()
  const names = (): string[] => readdirSync(netClass).toSorted()
  let [stateDir, runDir] = ['', '']
  const portsFile = () => join(stateDir, 'ports.json')

  /** A veth end stands for a card: its address says which, and where on the bus. */
  const describe = (kernelName: string) => {
    const address = addressOf(kernelName)
    if (!address.startsWith('52:54:')) return null
    return { kernelName, mac: address, macIsOwn: true, path: `slot${address.at(-1)}` }
  }
  const name = () => namePorts({ stateDir, runDir, ip: ['ip'], describe })
  const reasons = (alarms: readonly { reason: string }[]) => alarms.map(a => a.reason)

  beforeEach(() => {
    stateDir = mkdtempSync(join(tmpdir(), 'diarch-ports-'))
    runDir = mkdtempSync(join(tmpdir(), 'diarch-run-'))
    for (const [i, n] of [2, 1].entries()) {
      ip('link', 'add', `eth${i}`, 'address', mac(n), 'type', 'veth', 'peer', 'name', `far${n}`)
    }
  })
  afterEach(() => {
    for (const n of [1, 2]) ip('link', 'del', `far${n}`)
    for (const folder of [stateDir, runDir]) rmSync(folder, { recursive: true })
  })

  test('first boot: named in the order of the bus, recorded, brought up', async () => {
    const { alarms } = await name()
    assert.deepEqual(alarms, [])
    assert.deepEqual(names(), ['far1', 'far2', 'lo', 'port1', 'port2'])
    assert.equal(addressOf('port1'), mac(1))
    const { ports } = JSON.parse(readFileSync(portsFile(), 'utf8'))
    assert.deepEqual(ports[1], { name: 'port2', mac: mac(2), path: 'slot2' })
    ip('link', 'set', 'far1', 'up')
    ip('address', 'add', '192.0.2.10/24', 'dev', 'port1')
    const [first, second] = readPorts(ports, describe)
    assert.deepEqual([first?.link, first?.addresses[0]], ['up', '192.0.2.10/24'])
    assert.equal(second?.link, 'no-carrier')
  })

  test('two ports exchange their names, and a second time nothing happens', async () => {
    await name()
    const swapped = [
      { name: 'port2', mac: mac(1), path: 'slot1' },
      { name: 'port1', mac: mac(2), path: 'slot2' },
    ]
    writeFileSync(portsFile(), encodePorts(swapped))
    assert.deepEqual((await name()).alarms, [])
    assert.deepEqual([addressOf('port1'), addressOf('port2')], [mac(2), mac(1)])
    // It would set a port down if it renamed anything, and the address would go with that.
    ip('-6', 'address', 'add', '2001:db8::1/64', 'dev', 'port1')
    assert.deepEqual((await name()).alarms, [])
    assert.match(ip('address', 'show', 'dev', 'port1'), /2001:db8::1/)
  })

  test('the names of the operator hold, an absent port is listed as missing', async () => {
    const ports = [
      { name: 'uplink', mac: mac(2), path: 'slot2' },
      { name: 'lan', mac: mac(1), path: 'slot1' },
      { name: 'third', mac: mac(3), path: 'slot3' },
    ]
    writeFileSync(portsFile(), encodePorts(ports))
    const { recorded, alarms } = await name()
    assert.deepEqual(reasons(alarms), ['port-missing'])
    assert.deepEqual(
      readPorts(recorded, describe).map(port => `${port.name} ${port.link}`),
      ['uplink no-carrier', 'lan no-carrier', 'third missing'],
    )
  })

  test('assigned names: exchanged, taken from a card that is gone, at the next start', async () => {
    const { recorded } = await name()
    const lost = { name: 'lan', mac: mac(9), path: 'slot9' }
    const madePorts = () => new Map([['bond0', 'bond']])
    const surroundings = () => {
      const all = [...recorded, lost]
      return { recorded: all, ports: readPorts(all, describe), madePorts }
    }
    ip('link', 'set', 'port2', 'address', mac(7))
    const names = new PortNames({ appliance: true, stateDir }, surroundings())
    ip('link', 'set', 'port2', 'address', mac(2))
    assert.equal(names.all()[1]?.mac, mac(2), 'as a member of a bond it is still that card')
    const next = () => names.all().map(port => `${port.name} ${port.next}`)
    const assign = (port: string, to: string) => {
      const assigned = names.assign(port, to)
      assert.ok(assigned.ok, 'why' in assigned ? assigned.why : '')
      const lost = names.lostIn(assigned.ports)
      names.write(assigned.ports)
      return lost
    }
    assign('port1', 'port2')
    assert.deepEqual(next(), ['port1 port2', 'port2 port1', 'lan lan'])
    assert.deepEqual(assign('port2', 'lan'), ['port1'])
    assert.deepEqual(next(), ['port1 port2', 'port2 lan', 'lan null'])
    for (const [wrong, why] of [
      ['bond0', /belongs to an interface that is no port/],
      ['eth0', /reserved/],
      ['two words', /letters, digits/],
    ] as const) {
      const refused = names.assign('port1', wrong)
      assert.match('why' in refused ? refused.why : '', why)
    }

    await name()
    assert.equal(addressOf('port1'), mac(1), 'a card that comes while the box runs changes nothing')
    // The box starts again.
    rmSync(join(runDir, 'ports-named'))
    const then = await name()
    assert.deepEqual(reasons(then.alarms), [])
    assert.deepEqual([addressOf('port2'), addressOf('lan')], [mac(1), mac(2)])
    assert.deepEqual(next(), ['port1 port1', 'port2 port2', 'lan lan'], 'nothing waits any more')

    names.write(recorded)
    names.takeBack()
    rmSync(join(runDir, 'ports-named'))
    await name()
    assert.equal(addressOf('lan'), mac(2))
  })

  test('assigned names that cannot hold are taken back with an alarm', async () => {
    const { recorded } = await name()
    const file = join(stateDir, 'ports-next.json')
    const withoutOne = encodePorts(recorded.slice(1))
    writeFileSync(file, withoutOne)
    writeFileSync(portsFile(), withoutOne)
    assert.ok(reasons((await name()).alarms).includes('ports-changed'), 'another card has come')
    assert.ok(!existsSync(file))

    writeFileSync(file, '{"version": 1, "ports": [')
    rmSync(join(runDir, 'ports-named'))
    assert.deepEqual(reasons((await name()).alarms), ['ports-not-recorded'])
    assert.ok(!existsSync(file))

    writeFileSync(file, withoutOne)
    rmSync(portsFile())
    execFileSync('mount', ['--bind', stateDir, stateDir])
    execFileSync('mount', ['-o', 'remount,bind,ro', stateDir])
    try {
      const { alarms } = await name()
      assert.deepEqual(reasons(alarms), ['ports-not-recorded', 'ports-changed'])
    } finally {
      execFileSync('umount', [stateDir])
      rmSync(file)
    }
  })

  test('a broken file is set aside with an alarm', async () => {
    writeFileSync(portsFile(), '{"version": 1, "ports": [{"name": "lan"')
    assert.deepEqual(reasons((await name()).alarms), ['ports-file-broken'])
    assert.match(readFileSync(`${portsFile()}.broken`, 'utf8'), /"lan"/)
    assert.deepEqual(reasons((await name()).alarms), [])
  })

  test('a full or read-only state: the ports have names all the same, with an alarm', async () => {
    for (const options of ['ro', 'nr_inodes=1']) {
      execFileSync('mount', ['-t', 'tmpfs', '-o', options, 'none', stateDir])
      try {
        assert.deepEqual(reasons((await name()).alarms), ['ports-not-recorded'])
        assert.ok(names().includes('port1'))
      } finally {
        execFileSync('umount', [stateDir])
      }
    }
    assert.ok(!existsSync(portsFile()))
  })

  test('a name that another interface has is refused, a failing command is an alarm', async () => {
    const ports = [{ name: 'far1', mac: mac(1), path: 'slot1' }]
    writeFileSync(portsFile(), encodePorts(ports))
    assert.deepEqual(reasons((await name()).alarms), ['port-name-refused'])
    assert.ok(names().includes('port1'))
    rmSync(portsFile())
    ip('link', 'set', 'port1', 'down')
    ip('link', 'set', 'port1', 'name', 'eth1')
    const { alarms } = await namePorts({ stateDir, runDir, ip: ['/bin/false'], describe })
    assert.deepEqual(reasons(alarms), ['port-naming-failed'])
  })

  test('a veth pair is no physical port', () => {
    assert.deepEqual(
      names().map(each => describePhysicalPort(each)),
      names().map(() => null),
    )
  })
})
