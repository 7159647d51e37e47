import type { RedfishDevice } from '../config/fencing-schema.ts'
import type { PowerDevice } from '../fencing/power-device.ts'
import { askJson, at, type HttpsServer } from './https-json.ts'

/** DMTF DSP0266 and DSP0268: ComputerSystem has PowerState and the action Reset. */
export function redfishDevice(config: RedfishDevice): PowerDevice {
  const { server, port, verify, ca, login } = config
  const secret = Buffer.from(`${login.user}:${login.password}`).toString('base64')
  const headers = { Authorization: `Basic ${secret}`, 'OData-Version': '4.0' }
  const controller: HttpsServer = { server, port, verify, ca, headers }

  const pathOfSystem = async (): Promise<string> => {
    if (config.system !== null) return config.system
    const all = await askJson(controller, 'GET', '/redfish/v1/Systems')
    const members = at(all, 'Members')
    const count = Array.isArray(members) ? members.length : 0
    const path = at(members, 0, '@odata.id')
    if (count === 1 && typeof path === 'string' && path.startsWith('/')) return path
    throw new Error(`${server} has ${count} systems: say with "system" which one the box is`)
  }

  return {
    async read() {
      const path = await pathOfSystem()
      const power = at(await askJson(controller, 'GET', path), 'PowerState')
      // While it changes (PoweringOff) there is still power.
      if (power === 'Off') return 'off'
      if (typeof power === 'string') return 'on'
      throw new Error(`${server}${path} says nothing of its power (PowerState)`)
    },
    async turn(to) {
      const path = await pathOfSystem()
      const system = await askJson(controller, 'GET', path)
      const reset = at(system, 'Actions', '#ComputerSystem.Reset')
      const target = at(reset, 'target')
      const action = typeof target === 'string' ? target : `${path}/Actions/ComputerSystem.Reset`
      await askJson(controller, 'POST', action, { ResetType: typeFor(to, reset) })
      return 'asked'
    },
  }
}

/** Some controllers know only one of the two words for on. */
function typeFor(to: 'on' | 'off', reset: unknown): string {
  if (to === 'off') return 'ForceOff'
  const known = at(reset, 'ResetType@Redfish.AllowableValues')
  return Array.isArray(known) && !known.includes('On') && known.includes('ForceOn')
    ? 'ForceOn'
    : 'On'
}
