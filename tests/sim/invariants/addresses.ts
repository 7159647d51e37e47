import type { Invariant, MakeInvariant } from './invariant.ts'

/** Only these may tell a master to hold what it holds: there may be more addresses now. */
const changes = ['Configured', 'InterfacesSeen', 'TrackersReported', 'MaintenanceSet']

/** Addresses are held by masters and by nobody else; holding and releasing alternate. */
export const addressesFollowTheState: MakeInvariant = (world): Invariant => ({
  effect: ({ box, input }, trace, effect) => {
    const where = `${box.name} ${trace.name}`
    if (effect.effect === 'ReleaseAddresses' && !trace.held) {
      world.violate(`${where} releases addresses that it does not hold`)
    }
    if (effect.effect !== 'HoldAddresses' || !trace.held) return
    if (trace.state === 'master' && changes.includes(input.input)) return
    world.violate(`${where} takes addresses that it holds already (${input.input})`)
  },
  fed: ({ box, vrrpd, input, effects }) => {
    if (effects.length === 0) return
    for (const trace of vrrpd.traces.values()) {
      if (trace.held === (trace.state === 'master')) continue
      const holds = trace.held ? 'holds' : 'does not hold'
      world.violate(
        `${box.name} ${trace.name} is ${trace.state} and ${holds} addresses (${input.input})`,
      )
    }
  },
})

/** What the effects say is what the ensemble itself believes. */
export const effectsTellTheState: MakeInvariant = (world): Invariant => ({
  fed: ({ box, vrrpd, input, effects }) => {
    if (effects.length === 0 || input.input === 'StopRequested') return
    for (const { config, state } of vrrpd.brain.members()) {
      const told = vrrpd.traces.get(config.name)?.state
      if (told === state.kind) continue
      const message = `is ${state.kind}, and its effects told of ${told} (${input.input})`
      world.violate(`${box.name} ${config.name} ${message}`)
    }
  },
})
