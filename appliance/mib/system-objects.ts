import { type Column, scalar } from './object-tree.ts'
import { type Oid, oid } from './oid.ts'
import type { Snapshot } from './snapshot.ts'
import { counter, integer, objectId, octets, text, ticks, type Value } from './value.ts'

/** What the agent knows of itself. */
export type AgentFacts = {
  readonly contact: string
  readonly location: string
  readonly engineId: Uint8Array
  readonly boots: number
  readonly upSeconds: () => number
  readonly counters: AgentCounters
  readonly mostBytes: number
}

/** Packets, by what became of them. */
export type AgentCounters = {
  received: number
  answered: number
  otherVersion: number
  unknownCommunity: number
  malformed: number
  tooWeak: number
  notInTime: number
  unknownUser: number
  unknownEngine: number
  wrongSignature: number
  notDecrypted: number
  otherNetwork: number
  tooMany: number
}

export const noPackets = (): AgentCounters => ({
  received: 0,
  answered: 0,
  otherVersion: 0,
  unknownCommunity: 0,
  malformed: 0,
  tooWeak: 0,
  notInTime: 0,
  unknownUser: 0,
  unknownEngine: 0,
  wrongSignature: 0,
  notDecrypted: 0,
  otherNetwork: 0,
  tooMany: 0,
})

/** Whose objects are there: those of keepalived. Dashboards look for them below this name. */
export const keepalived: Oid = oid('1.3.6.1.4.1.9586.100.5')

/** SNMPv2-MIB (RFC 3418), SNMP-FRAMEWORK-MIB (RFC 3411 5), usmStats (RFC 3414 5). */
export const usmStats: Oid = oid('1.3.6.1.6.3.15.1.1')
const system = oid('1.3.6.1.2.1.1')
const snmp = oid('1.3.6.1.2.1.11')
const engine = oid('1.3.6.1.6.3.10.2.1')

/** A host: applications and what carries them to their users (RFC 3418 2, sysServices). */
const services = 0x48

export function systemObjects({ version, hostname }: Snapshot, agent: AgentFacts): Column[] {
  const { counters } = agent
  const one = (below: Oid, number: number, value: Value): Column =>
    scalar([...below, number], value)
  const counted = (below: Oid, number: number, of: keyof AgentCounters): Column => ({
    at: [...below, number],
    rows: [[0]],
    value: () => counter(counters[of]),
  })
  const timed = (below: Oid, number: number, value: (seconds: number) => Value): Column => ({
    at: [...below, number],
    rows: [[0]],
    value: () => value(agent.upSeconds()),
  })
  return [
    one(system, 1, text(`Diarch ${version} on Linux`)),
    one(system, 2, objectId(keepalived)),
    timed(system, 3, seconds => ticks(seconds * 100)),
    one(system, 4, text(agent.contact)),
    one(system, 5, text(hostname)),
    one(system, 6, text(agent.location)),
    one(system, 7, integer(services)),
    counted(snmp, 1, 'received'),
    counted(snmp, 3, 'otherVersion'),
    counted(snmp, 4, 'unknownCommunity'),
    counted(snmp, 6, 'malformed'),
    one(engine, 1, octets(agent.engineId)),
    one(engine, 2, integer(agent.boots)),
    timed(engine, 3, integer),
    one(engine, 4, integer(agent.mostBytes)),
    counted(usmStats, 1, 'tooWeak'),
    counted(usmStats, 2, 'notInTime'),
    counted(usmStats, 3, 'unknownUser'),
    counted(usmStats, 4, 'unknownEngine'),
    counted(usmStats, 5, 'wrongSignature'),
    counted(usmStats, 6, 'notDecrypted'),
  ]
}
