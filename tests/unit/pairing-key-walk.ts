/**
 * Two boxes that may get new keys, as plain data, and everything that can happen to them next: what
 * a disk has been told to do is done later or never, frames arrive later or never.
 */

import {
  newOwnKey,
  type OwnKey,
  type OwnKeyEffect,
  type OwnKeyInput,
  stepOwnKey,
} from '../../appliance/pairing/own-key.ts'
import {
  afterUse,
  isKeyOf,
  type PinnedKey,
  pinnedBeside,
} from '../../appliance/pairing/peer-key.ts'
import { unixTime } from '../../appliance/values/unix-time.ts'

/** Its own key and the next one, and what it knows of the other box: all that survives. */
export type Disk = { key: string; next: string | null; peer: PinnedKey }
type Work =
  | { do: 'make' | 'use'; fingerprint: string }
  | { do: 'pin' | 'forget'; fingerprint: string }
type Said = { say: 'new' | 'known'; fingerprint: string }
export type Box = {
  name: string
  disk: Disk
  machine: OwnKey
  work: Work[]
  said: Said[]
  /** How often somebody may still want a new key, and the power may fail. */
  wishes: number
  ends: number
  made: number
  /** A key that the other one may have pinned: it stays so until the next one. */
  lost: boolean
}
export type World = { boxes: [Box, Box]; linked: boolean; cuts: number }

export const bothKnow = ({ boxes: [a, b] }: World): boolean =>
  isKeyOf(b.disk.peer, a.disk.key) && isKeyOf(a.disk.peer, b.disk.key)

const box = (name: string, own: string, peer: string, wishes: number, ends: number): Box => ({
  name,
  disk: { key: own, next: null, peer: { fingerprint: peer, next: null } },
  machine: newOwnKey,
  work: [],
  said: [],
  wishes,
  ends,
  made: 0,
  lost: false,
})

export function newWorld(
  wishes: readonly [number, number],
  ends: readonly [number, number],
  cuts: number,
): World {
  const boxes: [Box, Box] = [
    box('a', 'a0', 'b0', wishes[0], ends[0]),
    box('b', 'b0', 'a0', wishes[1], ends[1]),
  ]
  const world = { boxes, linked: false, cuts }
  for (const each of boxes) look(world, each)
  return world
}

function feed(world: World, box: Box, input: OwnKeyInput): void {
  const { state, effects } = stepOwnKey(box.machine, input)
  box.machine = state
  for (const effect of effects) perform(world, box, effect)
}

function perform(world: World, box: Box, effect: OwnKeyEffect): void {
  switch (effect.effect) {
    case 'make':
      box.made += 1
      box.work.push({ do: 'make', fingerprint: `${box.name}${box.made}` })
      break
    case 'tell':
      if (world.linked) box.said.push({ say: 'new', fingerprint: effect.fingerprint })
      break
    case 'use':
      box.work.push({ do: 'use', fingerprint: effect.fingerprint })
      break
    case 'changed':
    case 'trouble':
      break
  }
}

function look(world: World, box: Box): void {
  const { key, next } = box.disk
  const keys = { fingerprint: key, since: unixTime(0), next }
  feed(world, box, { input: 'keys', keys, trouble: null })
}

const otherOf = ({ boxes }: World, box: Box): Box => (boxes[0] === box ? boxes[1] : boxes[0])

/** What was said and has not arrived is gone. */
function cut(world: World): void {
  world.linked = false
  for (const each of world.boxes) {
    each.said.length = 0
    feed(world, each, { input: 'ready', isReady: false })
  }
}

function link(world: World): void {
  world.linked = true
  for (const each of world.boxes) {
    const shown = otherOf(world, each).disk.key
    if (afterUse(each.disk.peer, shown).fingerprint !== each.disk.peer.fingerprint) {
      each.work.push({ do: 'forget', fingerprint: shown })
    }
  }
}

/** The first thing that the box has been told to do with its disk. */
function work(world: World, box: Box): void {
  const task = box.work.shift()
  const { disk } = box
  switch (task?.do) {
    case 'make':
      disk.next = task.fingerprint
      look(world, box)
      break
    case 'use':
      if (disk.next === task.fingerprint) {
        disk.key = task.fingerprint
        disk.next = null
      }
      look(world, box)
      if (world.linked) cut(world)
      break
    case 'pin':
      disk.peer = pinnedBeside(disk.peer, task.fingerprint)
      if (world.linked) box.said.push({ say: 'known', fingerprint: task.fingerprint })
      break
    case 'forget':
      disk.peer = afterUse(disk.peer, task.fingerprint)
      break
  }
}

function hear(world: World, box: Box): void {
  const frame = otherOf(world, box).said.shift()
  if (frame?.say === 'new') box.work.push({ do: 'pin', fingerprint: frame.fingerprint })
  if (frame?.say === 'known') {
    feed(world, box, { input: 'known', fingerprint: frame.fingerprint })
  }
}

/** Both its processes are gone, with what they were about to do. */
function end(world: World, box: Box): void {
  box.ends -= 1
  box.work.length = 0
  box.machine = newOwnKey
  if (world.linked) cut(world)
  look(world, box)
}

type Move = readonly [string, (world: World) => void]

/** What the boxes do by themselves: nothing of it is left when they are at rest. */
function ownMoves(world: World): Move[] {
  const moves: Move[] = []
  if (!world.linked && bothKnow(world)) moves.push(['they connect', link])
  for (const [index, box] of world.boxes.entries()) {
    const { name } = box
    const of = (act: (world: World, box: Box) => void) => (next: World) =>
      act(next, next.boxes[index] as Box)
    if (box.work.length > 0) moves.push([`${name} ${box.work[0]?.do}s`, of(work)])
    if (otherOf(world, box).said.length > 0) moves.push([`${name} hears`, of(hear)])
    if (world.linked && !box.machine.isReady) {
      const ready = { input: 'ready', isReady: true } as const
      moves.push([`${name} is in sync`, of((next, each) => feed(next, each, ready))])
    }
  }
  return moves
}

export function movesOf(world: World): Move[] {
  const moves = ownMoves(world)
  if (world.linked && world.cuts > 0) {
    moves.push([
      'the cable is pulled',
      next => {
        next.cuts -= 1
        cut(next)
      },
    ])
  }
  for (const [index, { name, wishes, ends, disk }] of world.boxes.entries()) {
    const of = (act: (world: World, box: Box) => void) => (next: World) =>
      act(next, next.boxes[index] as Box)
    if (wishes > 0) {
      moves.push([
        `${name} is to have a new key`,
        of((next, each) => {
          each.wishes -= 1
          feed(next, each, { input: 'renew' })
        }),
      ])
    }
    if (ends > 0) moves.push([`${name} loses power`, of(end)])
    if (ends > 0 && disk.next !== null) {
      moves.push([
        `${name} loses power and the next key`,
        of((next, each) => {
          each.disk.next = null
          each.lost = true
          end(next, each)
        }),
      ])
    }
  }
  return moves
}

/** A third of what `structuredClone` takes. */
const copied = (world: World): World => JSON.parse(JSON.stringify(world))

export function moved(world: World, [, act]: Move): World {
  const next = copied(world)
  act(next)
  return next
}

/** Nothing happens to them any more: what they come to, or null when they never rest. */
export function atRest(world: World): World | null {
  const next = copied(world)
  for (let left = 200; left > 0; left -= 1) {
    const [move] = ownMoves(next)
    if (move === undefined) return next
    move[1](next)
  }
  return null
}
