/**
 * New keys for signed adverts and heartbeats, without one that the other box refuses: both learn
 * the new key, then both sign with it, then both forget the old ones.
 */

import type { PatchStep } from '../api/configuration.ts'
import { notShown } from '../config/not-shown.ts'

type Table = Readonly<Record<string, unknown>>

const tableOf = (value: unknown): Table =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Table) : {}

/** The same for heartbeats; empty: they have no secret. */
export function heartbeatKeySteps(
  cluster: Table,
  secret: () => string,
): readonly (readonly PatchStep[])[] {
  const guard = tableOf(cluster.guard)
  if (typeof guard.secret !== 'string') return []
  const path = '/cluster/guard'
  const value = secret()
  const sign = (signs: boolean): PatchStep => ({
    op: 'add',
    path: `${path}/next/signs`,
    value: signs,
  })
  // Of one that has ended in the middle: nobody signs with what is about to be another one.
  const back = tableOf(guard.next).signs === true ? [[sign(false)]] : []
  return [
    ...back,
    [{ op: 'add', path: `${path}/next`, value: { secret: value, signs: false } }],
    [sign(true)],
    [
      { op: 'replace', path: `${path}/secret`, value },
      { op: 'remove', path: `${path}/next` },
    ],
  ]
}

type SignedRouter = { readonly path: string; readonly active: number; readonly next: number }

/** One change after the other; empty: no router signs. `secret`: for each router a new one. */
export function rotationSteps(
  cluster: Table,
  secret: () => string,
): readonly (readonly PatchStep[])[] {
  const routers = signedRouters(cluster)
  if (routers.length === 0) return []
  const learn = routers.flatMap(({ path, active, next }): readonly PatchStep[] => [
    { op: 'add', path: `${path}/keys/-`, value: { id: next, secret: secret() } },
    { op: 'add', path: `${path}/activeKey`, value: active },
  ])
  const sign = routers.map(
    ({ path, next }): PatchStep => ({ op: 'replace', path: `${path}/activeKey`, value: next }),
  )
  // The secret is known by its id: this word stands for it.
  const forget = routers.map(
    ({ path, next }): PatchStep => ({
      op: 'replace',
      path: `${path}/keys`,
      value: [{ id: next, secret: notShown }],
    }),
  )
  return [learn, sign, forget]
}

function signedRouters(cluster: Table): readonly SignedRouter[] {
  return Object.entries(tableOf(cluster.routers)).flatMap(([name, router]) => {
    const { keys, activeKey } = tableOf(tableOf(tableOf(router).authentication).hmac)
    const ids = (Array.isArray(keys) ? keys : []).map(key => Number(tableOf(key).id))
    const [first] = ids
    if (first === undefined) return []
    const path = `/cluster/routers/${escaped(name)}/authentication/hmac`
    const active = typeof activeKey === 'number' ? activeKey : first
    return [{ path, active, next: freeId(active, ids) }]
  })
}

/** RFC 6901. */
const escaped = (name: string): string => name.replaceAll('~', '~0').replaceAll('/', '~1')

function freeId(active: number, ids: readonly number[]): number {
  const candidates = Array.from({ length: 256 }, (_, step) => (active + 1 + step) % 256)
  return candidates.find(id => !ids.includes(id)) ?? active
}
