import assert from 'node:assert/strict'
import { test } from 'node:test'
import { newRouter, routerWakeAt, stepRouter } from '../../appliance/vrrp/router.ts'
import type { RouterInput, RouterState } from '../../appliance/vrrp/router-state.ts'
import { backupRows } from './vrrp-router-table-backup.ts'
import { backupAdvertRows } from './vrrp-router-table-backup-adverts.ts'
import { idleRows } from './vrrp-router-table-idle.ts'
import { masterRows } from './vrrp-router-table-master.ts'
import { masterAdvertRows } from './vrrp-router-table-master-adverts.ts'
import { pauseRows } from './vrrp-router-table-pause.ts'
import { peerRows } from './vrrp-router-table-peer.ts'
import {
  backup,
  broken,
  changed,
  changedFrom,
  Due,
  delayed,
  here as everyday,
  fault,
  heard,
  initialize,
  master,
  peer,
  type Row,
  release,
  Started,
  send,
  t,
  Yielded,
} from './vrrp-router-words.ts'

const rows = [
  ...idleRows,
  ...backupRows,
  ...backupAdvertRows,
  ...masterRows,
  ...masterAdvertRows,
  ...peerRows,
  ...pauseRows,
]

const expected = ({ from, to }: Row): object =>
  to?.kind !== undefined && to.kind !== from.kind ? to : { ...from, ...to }

for (const row of rows) {
  test(row.name, () => {
    const { from, on, at = 1000, here = everyday, effects = [] } = row
    const next = stepRouter(from, { ...on, now: t(at) } as RouterInput, here)
    assert.deepEqual(next.effects, effects)
    assert.deepEqual(next.state, expected(row))
  })
}

const kinds = { initialize: true, backup: true, master: true, fault: true } satisfies Record<
  RouterState['kind'],
  true
>
const inputs = {
  Started: true,
  AdvertReceived: true,
  PeerSaid: true,
  PeerDoubted: true,
  Paused: true,
  TimerDue: true,
  Changed: true,
  Yielded: true,
  Stopped: true,
} satisfies Record<RouterInput['input'], true>

/** What an advert is to the router of the row, from the values in it and not from its name. */
function relation({ on, here = everyday }: Row): string {
  if (on.input !== 'AdvertReceived') return on.input
  const { priority } = on.advert
  const path = on.secondPath ? 'second path' : 'own path'
  if (priority === 0) return `release, ${path}`
  if (priority !== here.priority) return `${priority < here.priority ? 'lower' : 'higher'}, ${path}`
  return `equal, ${path}`
}

test('the tables have a row for every state and input', () => {
  const wanted = Object.keys(kinds).flatMap(kind => Object.keys(inputs).map(on => `${kind}/${on}`))
  const present = new Set(rows.map(row => `${row.from.kind}/${row.on.input}`))
  assert.deepEqual(
    wanted.filter(pair => !present.has(pair)),
    [],
  )
})

test('the tables have a row for every kind of advert in the states that hear adverts', () => {
  const adverts = ['release', 'lower', 'equal', 'higher']
  const paths = ['own path', 'second path']
  const wanted = ['backup', 'master'].flatMap(kind =>
    adverts.flatMap(advert => paths.map(path => `${kind}: ${advert}, ${path}`)),
  )
  const present = new Set(rows.map(row => `${row.from.kind}: ${relation(row)}`))
  assert.deepEqual(
    wanted.filter(pair => !present.has(pair)),
    [],
  )
})

test('no two rows of the tables have the same name, and each begins with its state', () => {
  const names = rows.map(({ name }) => name)
  assert.equal(new Set(names).size, names.length)
  assert.deepEqual(
    rows.filter(({ name, from }) => !name.startsWith(`${from.kind}/`)),
    [],
  )
})

for (const on of [Started, Due, heard(150, peer.address), changedFrom(everyday), Yielded]) {
  test(`wrong circumstances are a FAULT whatever is heard: ${on.input}`, () => {
    const input = { ...on, now: t(1000) } as RouterInput
    const why = 'eth0: no carrier'
    const inFault = { kind: 'fault', since: t(1000), why }
    assert.deepEqual(stepRouter(master, input, broken), {
      state: inFault,
      effects: [send(0), release, changed('master', 'fault', why)],
    })
    assert.deepEqual(stepRouter(backup, input, broken), {
      state: inFault,
      effects: [changed('backup', 'fault', why)],
    })
  })
}

test('each state says when it wants the timer', () => {
  assert.equal(routerWakeAt(newRouter(t(5))), null)
  assert.deepEqual(newRouter(t(0)), initialize)
  assert.equal(routerWakeAt(delayed), 2000)
  assert.equal(routerWakeAt(fault), null)
  assert.equal(routerWakeAt(backup), 1360.9375)
  assert.equal(routerWakeAt(master), 1100)
  assert.equal(routerWakeAt({ ...master, announceAt: [t(1050), t(3000)] }), 1050)
  assert.equal(routerWakeAt({ ...master, announceAt: [t(1500)] }), 1100)
})
