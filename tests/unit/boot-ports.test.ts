import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { byBusPath, portNameProblem } from '../../appliance/boot/port-name-rules.ts'
import { type PresentPort, planPorts, type RecordedPort } from '../../appliance/boot/port-plan.ts'
import { decodePorts, encodePorts } from '../../appliance/boot/ports-json.ts'

const here = (kernelName: string, mac: string, path: string, macIsOwn = true): PresentPort => ({
  kernelName,
  mac,
  macIsOwn,
  path,
})
const known = (name: string, mac: string, path: string): RecordedPort => ({ name, mac, path })
const reasons = (plan: ReturnType<typeof planPorts>): string[] => plan.alarms.map(a => a.reason)

test('planPorts/first sight: in the order of the bus, not of the kernel', () => {
  const plan = planPorts(
    [],
    [here('eth0', 'm2', 'pci0000:00/0000:00:1f.6'), here('eth1', 'm1', 'pci0000:00/0000:00:03.0')],
  )
  assert.deepEqual(plan.renames, [
    { from: 'eth1', to: 'port1' },
    { from: 'eth0', to: 'port2' },
  ])
  assert.deepEqual(plan.alarms, [])
})

test('planPorts/the name follows the card to another place', () => {
  const plan = planPorts(
    [known('lan', 'm1', 'p1'), known('uplink', 'm2', 'p2')],
    [here('eth0', 'm2', 'p1'), here('eth1', 'm1', 'p2')],
  )
  assert.deepEqual(plan.renames, [
    { from: 'eth1', to: 'lan' },
    { from: 'eth0', to: 'uplink' },
  ])
  assert.deepEqual(plan.recorded, [known('lan', 'm1', 'p2'), known('uplink', 'm2', 'p1')])
  assert.deepEqual(reasons(plan), [])
})

test('planPorts/a replaced card takes over the name of its place, with an alarm', () => {
  const plan = planPorts([known('lan', 'm1', 'p1')], [here('eth0', 'm9', 'p1')])
  assert.deepEqual(plan.recorded, [known('lan', 'm9', 'p1')])
  assert.deepEqual(reasons(plan), ['ports-changed'])
  assert.match(plan.alarms[0]!.message, /lan was m1 and is now m9/)
})

test('planPorts/a member of a bond has the address of the bond: its own one stays recorded', () => {
  const recorded = [known('port1', 'm1', 'p1'), known('port2', 'm2', 'p2')]
  const bonded = [here('port1', 'm1', 'p1', false), here('port2', 'm1', 'p2', false)]
  assert.deepEqual(planPorts(recorded, bonded).recorded, recorded)
  const plan = planPorts(recorded, [here('eth0', 'm1', 'p1'), here('eth1', 'm2', 'p2')])
  assert.deepEqual([plan.recorded, reasons(plan)], [recorded, []])
})

test('planPorts/an absent one stays with an alarm, and its name is not given away', () => {
  const plan = planPorts([known('port1', 'm1', 'p1')], [here('eth0', 'm2', 'p2')])
  assert.deepEqual(plan.recorded, [known('port1', 'm1', 'p1'), known('port2', 'm2', 'p2')])
  assert.deepEqual(reasons(plan), ['port-missing'])
})

test('planPorts/a moved card and a new one in its old place: nothing is replaced', () => {
  const plan = planPorts(
    [known('a1', 'm1', 'p1'), known('b1', 'm2', 'p2')],
    [here('eth0', 'm2', 'p1'), here('eth1', 'm3', 'p2')],
  )
  assert.deepEqual(plan.recorded, [
    known('a1', 'm1', ''),
    known('b1', 'm2', 'p1'),
    known('port1', 'm3', 'p2'),
  ])
  assert.deepEqual(reasons(plan), ['port-missing'])
})

test('planPorts/two cards with one address: the place decides', () => {
  const recorded = [known('lan', 'mm', 'p1'), known('uplink', 'mm', 'p2')]
  const plan = planPorts(recorded, [here('eth0', 'mm', 'p2'), here('eth1', 'mm', 'p1')])
  assert.deepEqual(plan.recorded, recorded)
  assert.deepEqual(plan.renames, [
    { from: 'eth1', to: 'lan' },
    { from: 'eth0', to: 'uplink' },
  ])
  assert.deepEqual(reasons(plan), [])
})

test('planPorts/two cards with one address, one of them moved: the place decides', () => {
  const recorded = [known('lan', 'mm', 'p1'), known('uplink', 'mm', 'p2')]
  const plan = planPorts(recorded, [here('eth0', 'mm', 'p1'), here('eth1', 'mm', 'p3')])
  assert.deepEqual(plan.recorded, [known('lan', 'mm', 'p1'), known('uplink', 'mm', 'p3')])
})

test('planPorts/two cards with the address of one that is gone: neither is it', () => {
  const present = [here('eth0', 'mm', 'p2'), here('eth1', 'mm', 'p3')]
  const plan = planPorts([known('lan', 'mm', 'p1')], present)
  assert.deepEqual(
    plan.recorded.map(port => port.name),
    ['lan', 'port1', 'port2'],
  )
  assert.deepEqual(reasons(plan), ['port-missing'])
})

test('planPorts/an address that the kernel made up is new at every boot: no alarm', () => {
  const plan = planPorts([known('lan', 'random1', 'p1')], [here('eth0', 'random2', 'p1', false)])
  assert.deepEqual(plan.renames, [{ from: 'eth0', to: 'lan' }])
  assert.deepEqual(reasons(plan), [])
  // Nor may somebody else's address that was set on a port pull a name over.
  const stolen = planPorts([known('lan', 'm1', 'p1')], [here('eth0', 'm1', 'p2', false)])
  assert.deepEqual(reasons(stolen), ['port-missing'])
})

test('planPorts/names that cannot stand are refused and say so', () => {
  const recorded = [
    known('lan', 'm1', 'p1'),
    known('lan', 'm2', 'p2'),
    known('eth7', 'm3', 'p3'),
    known('br0', 'm4', 'p4'),
    known('../../etc', 'm5', 'p5'),
  ]
  const present = recorded.map(({ mac, path }, i) => here(`eth${i}`, mac, path))
  const plan = planPorts(recorded, present, ['lo', 'br0'])
  assert.deepEqual(
    plan.recorded.map(port => port.name),
    ['lan', 'port1', 'port2', 'port3', 'port4'],
  )
  assert.deepEqual(reasons(plan), ['port-name-refused'])
  assert.match(
    plan.alarms[0]!.message,
    /"lan" for m2 is already in use; .*"eth7" for m3 is reserved/,
  )
})

test('planPorts/names are always distinct, and a second plan renames nothing', () => {
  const few = (prefix: string) => fc.integer({ min: 0, max: 4 }).map(n => `${prefix}${n}`)
  const name = fc.constantFrom('lan', 'uplink', 'port1', 'port2', 'eth0', '', 'x'.repeat(16))
  const recorded = fc.array(fc.record({ name, mac: few('m'), path: few('p') }), { maxLength: 5 })
  const present = fc
    .array(fc.record({ mac: few('m'), macIsOwn: fc.boolean(), path: few('p') }), { maxLength: 5 })
    .map(ports => ports.map((port, i) => ({ ...port, kernelName: `eth${i}` })))
  fc.assert(
    fc.property(recorded, present, (before, ports) => {
      // Two cards in one place cannot be; the reader of /sys makes the paths distinct.
      fc.pre(new Set(ports.map(port => port.path)).size === ports.length)
      const plan = planPorts(before, ports)
      const names = plan.recorded.map(port => port.name)
      assert.equal(new Set(names).size, names.length)
      for (const each of names) assert.equal(portNameProblem(each), null)
      const target = new Map(plan.renames.map(({ from, to }) => [from, to]))
      const renamed = ports.map(port => ({
        ...port,
        kernelName: target.get(port.kernelName) ?? port.kernelName,
      }))
      assert.equal(new Set(renamed.map(port => port.kernelName)).size, renamed.length)
      assert.deepEqual(planPorts(plan.recorded, renamed).renames, [])
    }),
    { numRuns: 3000 },
  )
})

test('portNameProblem/what a port may be called', () => {
  for (const name of ['lan', 'uplink', 'port12', 'DMZ_2', 'a-b', 'x'.repeat(15)]) {
    assert.equal(portNameProblem(name), null, name)
  }
  for (const name of ['', '1lan', 'a b', 'a/b', 'a:1', 'lo', 'all', 'eth0', 'ü', 'x'.repeat(16)]) {
    assert.notEqual(portNameProblem(name), null, name)
  }
})

test('byBusPath/hexadecimal of PCI and decimal of USB', () => {
  const ordered = [
    'pci0000:00/0000:00:03.0',
    'pci0000:00/0000:00:03.0#1',
    'pci0000:00/0000:00:0a.0',
    'pci0000:00/0000:00:14.0/usb1/1-2/1-2:1.0',
    'pci0000:00/0000:00:14.0/usb1/1-10/1-10:1.0',
    'pci0000:00/0000:00:1c.0/0000:02:00.0',
  ]
  assert.deepEqual(ordered.toReversed().toSorted(byBusPath), ordered)
})

test('ports file/both ways, and every other text is refused with the place', () => {
  const ports = [known('lan', 'aa:bb', 'p1')]
  assert.deepEqual(decodePorts(encodePorts(ports)), { ok: true, ports })
  const refusals: [string, RegExp][] = [
    ['', /not JSON/],
    ['{"version":1,"ports":[', /not JSON/],
    ['[]', /expected \{"version": 1/],
    ['{"version":2,"ports":[]}', /expected \{"version": 1/],
    ['{"version":1,"ports":{}}', /"ports" is not a list/],
    ['{"version":1,"ports":[{"name":"a","mac":"b"}]}', /ports\[0\] has no name, mac and path/],
    ['{"version":1,"ports":[null]}', /ports\[0\]/],
  ]
  for (const [text, expected] of refusals) {
    const decoded = decodePorts(text)
    assert.ok(!decoded.ok && expected.test(decoded.reason), text)
  }
})
