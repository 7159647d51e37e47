import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { closeSync, openSync, writeFileSync, writeSync } from 'node:fs'
import { type TestContext, test } from 'node:test'
import { parseDocument } from '../../appliance/config/document.ts'
import { newestVersion } from '../../appliance/config/migrations.ts'
import { partsOf, type RouterPart } from '../../appliance/config/parts.ts'
import { markOf } from '../../appliance/guard/heartbeat.ts'
import { Interfaces } from '../../appliance/linux/interfaces.ts'
import { Journal } from '../../appliance/linux/journal.ts'
import { NetlinkSocket } from '../../appliance/linux/netlink/socket.ts'
import {
  applyAddresses,
  ourOrigin,
  readAddresses,
} from '../../appliance/linux/virtual-addresses.ts'
import type { BoxEvent } from '../../appliance/status/events.ts'
import type { FromChild } from '../../appliance/status/messages.ts'
import { leadBytes } from '../../appliance/supervision/lead.ts'
import { EventBook } from '../../appliance/supervisor/event-book.ts'
import { MaintenanceSwitch } from '../../appliance/supervisor/maintenance.ts'
import { VirtualRouters } from '../../appliance/supervisor/virtual-routers.ts'
import { instant } from '../../appliance/values/duration.ts'
import { ipAddress } from '../../appliance/values/ip-address.ts'
import { AddressKeeper } from '../../appliance/vrrpd/address-keeper.ts'
import { inOwnNetwork } from './own-network.ts'
import { compileNative, temporaryFolder, until } from './supervisor-lab.ts'

/** What becomes of the addresses of a vrrpd that hangs, in the kernel of a box with `lo` alone. */

const lo = 1
const [old, young] = ['192.0.2.100', '192.0.2.101']

/** Of routers that differ in their names and addresses. */
function plan(all: Readonly<Record<string, string>>): RouterPart {
  const routers = Object.entries(all).map(([name, address]) => {
    const virtualAddresses = [`${address}/24`]
    return [name, { interface: 'lo', virtualRouterId: 51, priority: 150, virtualAddresses }]
  })
  const parsed = parseDocument({
    schemaVersion: newestVersion,
    cluster: { routers: Object.fromEntries(routers) },
  })
  assert.ok(parsed.kind === 'document')
  return partsOf(parsed.document).routers
}

function kernel(t: TestContext) {
  const netlink = NetlinkSocket.open('route')
  t.after(() => netlink.close())
  const ours = () =>
    readAddresses(netlink).flatMap(({ origin, prefix }) =>
      origin === ourOrigin ? [prefix.address as string] : [],
    )
  const put = (address: string) => {
    const prefix = { address: ipAddress(address), length: 24 }
    const wish = { interfaceIndex: lo, prefix, label: null, scope: 'global', lease: null } as const
    const refused = applyAddresses(netlink, [{ kind: 'add', wish: { ...wish, origin: ourOrigin } }])
    assert.deepEqual(refused, [])
  }
  return { netlink, ours, put }
}

/** The supervisor's side, and what it has noted. The test is vrrpd. */
function supervisor() {
  const events: BoxEvent[] = []
  const folder = temporaryFolder()
  const virtual = new VirtualRouters({
    stateDir: folder,
    send: () => true,
    events: new EventBook(`${folder}/events`, event => events.push(event)),
    maintenance: new MaintenanceSwitch(folder),
    onMoves: () => undefined,
    onChange: () => undefined,
  })
  const say = (message: FromChild) => virtual.onMessage('vrrpd', message)
  const look = () =>
    say({ kind: 'routers', routers: [], changes: [], events: [], moves: [], guard: null })
  return { virtual, events, say, look }
}

const noteOf = (page: number | null, name: string): void => {
  writeSync(page ?? -1, leadBytes([{ mark: markOf(name, 51), until: instant(0) }]), 0, null, 0)
}

inOwnNetwork(import.meta.filename, () => {
  compileNative()

  test('it hangs while a router gets another name and address: the old one goes', t => {
    const { ours, put } = kernel(t)
    const { virtual, say, look } = supervisor()
    t.after(() => virtual.onExit('vrrpd'))
    virtual.take(plan({ V1: old }), 1)
    const page = virtual.pageOf('vrrpd')
    say({ kind: 'configured', id: 1, refused: [] })
    put(old)
    noteOf(page, 'V1')
    virtual.take(plan({ V2: young }), 2)
    look()
    assert.deepEqual(ours(), [])

    say({ kind: 'configured', id: 2, refused: [] })
    put(young)
    noteOf(page, 'V2')
    look()
    assert.deepEqual(ours(), [])
  })

  test('the kernel refuses to take an address away: it is told, and tried again', t => {
    const { ours, put } = kernel(t)
    const { virtual, events, look } = supervisor()
    t.after(() => virtual.onExit('vrrpd'))
    virtual.take(plan({ V1: old }), 1)
    noteOf(virtual.pageOf('vrrpd'), 'V1')
    put(old)
    const files = allOpen()
    try {
      look()
    } finally {
      for (const file of files) closeSync(file)
    }
    assert.deepEqual(ours(), [old])
    const failed = events.find(({ event }) => event === 'release-failed')
    assert.match(failed?.text ?? '', /Too many files are open/)
    look()
    assert.deepEqual(ours(), [], 'it is tried again')
  })

  test('/dev/shm is full: vrrpd starts without a page, and that is told', () => {
    const { virtual, events } = supervisor()
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=8k', 'tmpfs', '/dev/shm'])
    assert.throws(() => writeFileSync('/dev/shm/full', new Uint8Array(16_384)), /ENOSPC/)
    assert.equal(virtual.pageOf('vrrpd'), null)
    assert.deepEqual(
      events.map(({ event }) => event),
      ['mute-unwatched'],
    )
    assert.match(events[0]?.text ?? '', /space left/)
    execFileSync('umount', ['/dev/shm'])
    assert.notEqual(virtual.pageOf('vrrpd'), null)
  })

  test('after a pause it hears who has its place before it renews an address', async t => {
    const { netlink, ours } = kernel(t)
    const [router] = plan({ V1: old }).routers
    assert.ok(router !== undefined)
    const interfaces = Interfaces.open(() => undefined)
    let heard = 0
    const keeper: AddressKeeper = new AddressKeeper({
      netlink,
      interfaces,
      journal: new Journal(() => undefined),
      hearFirst: () => {
        heard += 1
        keeper.release('V1')
      },
      onSettled: () => undefined,
    })
    t.after(() => {
      keeper.close()
      interfaces.close()
    })
    keeper.configure([router])
    // Taken away while it was mute.
    keeper.hold('V1')
    await until(
      'the renewal is due',
      () => [heard, ours()] as const,
      ([count, there]) => count + there.length > 0,
    )
    assert.deepEqual([heard, ours()], [1, []])
    keeper.hold('V1')
    keeper.onInterfaces()
    assert.deepEqual([heard, ours()], [2, []])
  })
})

/** No file can be opened any more. */
function allOpen(): readonly number[] {
  execFileSync('prlimit', ['--pid', `${process.pid}`, '--nofile=256:'])
  const files: number[] = []
  try {
    for (;;) files.push(openSync('/dev/null', 'r'))
  } catch {
    return files
  }
}
