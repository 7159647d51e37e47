/** How each fault begins and ends. */

import { milliseconds } from '../../appliance/values/duration.ts'
import { advertOf } from '../../appliance/vrrp/expectations.ts'
import type { RouterConfig } from '../../appliance/vrrp/router-config.ts'
import { wrongInterval } from './bounds.ts'
import type { Box } from './box.ts'
import type { Fault } from './faults.ts'
import { packets } from './packet.ts'
import type { World } from './world.ts'

export function planFaults(world: World): void {
  for (const fault of world.scenario.faults) {
    world.timeline.at(fault.at, () => {
      world.tally.count(`fault: ${fault.kind}`)
      world.log(() => `-- ${describe(world, fault)} begins`)
      begin(world, fault)
    })
    world.timeline.at(fault.until, () => {
      world.log(() => `-- ${describe(world, fault)} is over`)
      end(world, fault)
    })
  }
}

function begin(world: World, fault: Fault): void {
  const { network } = world
  switch (fault.kind) {
    case 'loss':
      trouble(world, fault.segment, weather => weather.loss.push(fault.chance))
      break
    case 'duplication':
      network.weather[fault.segment]!.duplication.push(fault.chance)
      break
    case 'reordering':
      trouble(world, fault.segment, weather => weather.delay.push(fault.most))
      break
    case 'one-way partition':
      cut(world, fault.segment, fault.from, fault.to)
      break
    case 'partition':
      cut(world, fault.segment, fault.one, fault.other)
      cut(world, fault.segment, fault.other, fault.one)
      break
    case 'stall': {
      const box = boxOf(world, fault)
      if (fault.sparesMasters && box.held.size > 0) break
      box.freeze({ clockStands: false, packetsAreLost: false })
      break
    }
    case 'pause':
      boxOf(world, fault).freeze(fault)
      break
    case 'restart':
      boxOf(world, fault).stop()
      break
    case 'kill':
      boxOf(world, fault).kill(fault.removedAfter)
      break
    case 'power loss':
      boxOf(world, fault).powerOff()
      break
    case 'interface down':
      boxOf(world, fault).setDown(fault.segment, true)
      break
    case 'address missing':
      boxOf(world, fault).setAddressless(fault.segment, true)
      break
    case 'reconfiguration':
      boxOf(world, fault).reconfigure(fault.router, fault.change)
      break
    case 'wrong version':
      boxOf(world, fault).reconfigure(fault.router, otherVersion(world, fault))
      break
    case 'failover':
      boxOf(world, fault).failOver(fault.router)
      break
    case 'maintenance':
      boxOf(world, fault).setMaintenance(true)
      break
    case 'tracker down':
      boxOf(world, fault).setTracker(fault.tracker, 'down')
      break
    case 'flood':
      network.weather[fault.segment]!.trouble.begin()
      flood(world, fault)
      break
  }
}

function end(world: World, fault: Fault): void {
  const { network, timeline } = world
  switch (fault.kind) {
    case 'loss':
      calm(world, fault.segment, 'loss', fault.chance, 0)
      break
    case 'duplication':
      remove(network.weather[fault.segment]!.duplication, fault.chance)
      break
    case 'reordering':
      calm(world, fault.segment, 'delay', fault.most, fault.most)
      break
    case 'one-way partition':
      join(world, fault.segment, fault.from, fault.to)
      break
    case 'partition':
      join(world, fault.segment, fault.one, fault.other)
      join(world, fault.segment, fault.other, fault.one)
      break
    case 'stall':
    case 'pause':
      boxOf(world, fault).thaw()
      break
    case 'restart':
    case 'kill':
    case 'power loss':
      boxOf(world, fault).start()
      break
    case 'interface down':
      boxOf(world, fault).setDown(fault.segment, false)
      break
    case 'address missing':
      boxOf(world, fault).setAddressless(fault.segment, false)
      break
    case 'reconfiguration':
      if (!fault.stays) boxOf(world, fault).reconfigure(fault.router, undone(world, fault))
      break
    case 'wrong version': {
      const { version, interval, authentication } = boxOf(world, fault).planned(fault.router)
      boxOf(world, fault).reconfigure(fault.router, { version, interval, authentication })
      break
    }
    case 'failover':
      break
    case 'maintenance':
      boxOf(world, fault).setMaintenance(false)
      break
    case 'tracker down':
      boxOf(world, fault).setTracker(fault.tracker, 'up')
      break
    case 'flood':
      network.weather[fault.segment]!.trouble.end(timeline.now)
      break
  }
}

const boxOf = (world: World, { box }: { readonly box: number }): Box => world.boxes[box]!

type Weather = World['network']['weather'][number]

function trouble(world: World, segment: number, begins: (weather: Weather) => void): void {
  world.beforeTrouble()
  const weather = world.network.weather[segment]!
  weather.trouble.begin()
  begins(weather)
}

function calm(
  world: World,
  segment: number,
  what: 'loss' | 'delay',
  value: number,
  tail: number,
): void {
  const weather = world.network.weather[segment]!
  remove(weather[what], value)
  weather.trouble.end(world.timeline.now + tail)
}

function cut(world: World, segment: number, from: number, to: number): void {
  world.beforeTrouble()
  const way = world.network.way(segment, from, to)
  way.cuts += 1
  way.trouble.begin()
}

function join(world: World, segment: number, from: number, to: number): void {
  const way = world.network.way(segment, from, to)
  way.cuts -= 1
  way.trouble.end(world.timeline.now)
}

function remove(list: number[], value: number): void {
  list.splice(list.indexOf(value), 1)
}

function otherVersion(
  world: World,
  fault: Fault & { readonly kind: 'wrong version' },
): Partial<RouterConfig> {
  const { version } = boxOf(world, fault).planned(fault.router)
  if (version === 3) return { version: 2, interval: milliseconds(wrongInterval) }
  // A password is of v2.
  return { version: 3, authentication: { kind: 'none' } }
}

/** The fields that it has changed, as they were planned. */
function undone(
  world: World,
  { box, router, change }: Fault & { readonly kind: 'reconfiguration' },
): Partial<RouterConfig> {
  const planned = world.boxes[box]!.planned(router)
  const fields = Object.keys(change ?? {}) as (keyof RouterConfig)[]
  return Object.fromEntries(fields.map(field => [field, planned[field]]))
}

const strangers = { inet: '192.0.2.', inet6: 'fe80::1:' } as const

function flood(world: World, fault: Fault & { readonly kind: 'flood' }): void {
  const { network, random, boxes, timeline, scenario } = world
  const config = boxes[0]!.planned(fault.router)
  const { asBytes } = scenario.cluster
  const speak = (): void => {
    if (timeline.now >= fault.until) return
    const peer = random.pick(boxes)?.address(config.interface, config) ?? null
    const number = fault.manner === 'many sources' ? random.integer(200, 250) : 9
    const stranger = `${strangers[config.family]}${number}` as NonNullable<typeof peer>
    const source = fault.manner === 'like the target' ? (peer ?? stranger) : stranger
    const how = { seal: { kind: 'none' as const }, config, asBytes }
    const advert = advertOf(config, priorityIn(fault.manner, config))
    world.tally.count('hostile adverts')
    for (const packet of packets(advert, source, config.transport, how)) {
      network.send(null, fault.segment, packet)
    }
    timeline.after(fault.pause, speak)
  }
  speak()
}

function priorityIn(
  manner: (Fault & { readonly kind: 'flood' })['manner'],
  { priority }: RouterConfig,
): number {
  switch (manner) {
    case 'lower':
      return 1
    case 'release':
      return 0
    case 'like the target':
    case 'many sources':
      return priority
    case 'higher':
      return 254
  }
}

function describe(world: World, fault: Fault): string {
  const { kind, at: _, until, ...details } = fault
  const of = 'box' in fault ? ` of ${boxOf(world, fault).name}` : ''
  return `${kind}${of} ${JSON.stringify(details)} until ${until.toFixed(3)}`
}
