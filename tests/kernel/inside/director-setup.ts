import { type DirectorInterface, kernelSettings } from '../../../appliance/ipvs/kernel-settings.ts'
import { natRules } from '../../../appliance/ipvs/nat-rules.ts'
import type { Forwarding } from '../../../appliance/ipvs/service.ts'
import { KernelSettings } from '../../../appliance/linux/sysctl.ts'
import { asked, tell } from '../../net/inside/tell.ts'
import { director, prefix, server, service, someSync, tcp } from '../../unit/ipvs-director-words.ts'

/** Sets a director's kernel up for its services, or takes it back. */

type Goal = {
  readonly virtual: readonly string[]
  readonly servers: readonly string[]
  readonly method: Forwarding['method']
  readonly networks: readonly string[]
  readonly syncs?: boolean
}

const { goal, state } = asked<{ readonly goal: Goal | null; readonly state: string }>()
const settings = KernelSettings.open(state)
if (goal === null) {
  tell(settings.restore())
} else {
  const services = goal.virtual.map((address, place) =>
    service([tcp(address, 80)], [server(goal.servers[place] ?? '', 80, goal.method)], {
      scheduler: 'sh',
    }),
  )
  const config = director(services, goal.syncs ? someSync : null)
  const networks = goal.networks.map(prefix)
  const interfaces: DirectorInterface[] = [{ name: 'eth0', networks }]
  const rules = natRules(config, networks)
  const wanted = kernelSettings(config, interfaces, rules !== null)
  tell({ rules, ...settings.keep(wanted), second: settings.keep(wanted).changed.length })
}
