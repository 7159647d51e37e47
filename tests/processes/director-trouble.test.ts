import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseDocument } from '../../appliance/config/document.ts'
import { newestVersion } from '../../appliance/config/migrations.ts'
import { partsOf, type RouterPart } from '../../appliance/config/parts.ts'
import type { GuardStatus } from '../../appliance/status/guard-status.ts'
import type { ToChild } from '../../appliance/status/messages.ts'
import { EventBook } from '../../appliance/supervisor/event-book.ts'
import { MaintenanceSwitch } from '../../appliance/supervisor/maintenance.ts'
import { VirtualRouters } from '../../appliance/supervisor/virtual-routers.ts'
import { inOwnNetwork } from './own-network.ts'
import { compileNative, temporaryFolder } from './supervisor-lab.ts'

function plan(heartbeats: object, preempt: boolean): RouterPart {
  const virtualAddresses = ['192.0.2.100/24']
  const parsed = parseDocument({
    schemaVersion: newestVersion,
    cluster: {
      routers: { V1: { interface: 'lo', virtualRouterId: 51, virtualAddresses, preempt } },
      guard: { secret: 'the heartbeats of two boxes in a test' },
    },
    node: { heartbeats },
  })
  assert.ok(parsed.kind === 'document')
  return partsOf(parsed.document).routers
}

const cable = { cable: { interface: 'lo', peer: '198.51.100.2' } }

function hears(state: GuardStatus['peer']['state']): GuardStatus {
  const path = {
    name: 'cable',
    state: 'up',
    since: '',
    why: '',
    interface: 'lo',
    peer: null,
  } as const
  const counters = { sent: 0, received: 0, missing: 0, refused: {} }
  return {
    policy: 'availability-first',
    restraint: null,
    peer: { state, since: '', why: '' },
    paths: [{ ...path, baud: null, heardAt: null, counters }],
    splits: [],
    leases: [],
  }
}

/** What vrrpd is told when the director cannot be kept running, and when it can. */
function told(heartbeats: object, status: GuardStatus, preempt = true): readonly string[] {
  const sent: string[] = []
  const folder = temporaryFolder()
  const virtual = new VirtualRouters({
    stateDir: folder,
    send: (child: string, message: ToChild) => {
      if (child !== 'vrrpd') return true
      if (message.kind === 'failover') sent.push('failover')
      if (message.kind === 'verdicts') {
        sent.push(message.verdicts.map(({ name, state, why }) => `${name} ${state}: ${why}`).join())
      }
      return true
    },
    events: new EventBook(`${folder}/events`, () => undefined),
    maintenance: new MaintenanceSwitch(folder),
    onMoves: () => undefined,
    onChange: () => undefined,
  })
  virtual.take(plan(heartbeats, preempt), 1)
  const fencing = { held: null, wish: null }
  const guard = { status, alarms: [], session: { boot: 1, accepted: 0 }, fencing }
  virtual.onMessage('vrrpd', {
    kind: 'routers',
    routers: [],
    changes: [],
    events: [],
    moves: [],
    guard,
  })
  sent.length = 0
  for (const why of ['it was killed', 'it was killed', 'it exited']) {
    virtual.onDirector({ since: '2030-01-01T00:00:00.000Z', why })
  }
  virtual.onDirector(null)
  const after = [...sent]
  virtual.onExit('vrrpd')
  return after
}

const least = ['(director) down: it was killed', '(director) down: it exited', '']
const [first = '', ...rest] = least

inOwnNetwork(import.meta.filename, () => {
  compileNative()

  test('who hears the other box gives up once, and has the lowest priority meanwhile', () => {
    assert.deepEqual(told(cable, hears('heard')), [first, 'failover', ...rest])
  })

  test('who knows of no other path gives up too: somebody may be there', () => {
    assert.deepEqual(told({}, hears('unknown')), [first, 'failover', ...rest])
  })

  test('who hears nobody goes on: there is nobody to take over', () => {
    for (const state of ['silent', 'unknown'] as const) {
      assert.deepEqual(told(cable, hears(state)), least)
    }
  })

  test('without preemption who hears nobody gives up: nobody there would take over', () => {
    assert.deepEqual(told(cable, hears('silent'), false), [first, 'failover', ...rest])
  })
})
