import type { VmwareDevice } from '../config/fencing-schema.ts'
import type { PowerDevice } from '../fencing/power-device.ts'
import { askJson, at, type HttpsServer, Refused } from './https-json.ts'

/** vCenter Server: its Automation API, below /api. `stop` pulls the plug. */
export function vmwareDevice(config: VmwareDevice): PowerDevice {
  const { server, port, verify, ca, login, machine } = config
  const basic = Buffer.from(`${login.user}:${login.password}`).toString('base64')
  const place = { server, port, verify, ca }
  const headers = { Authorization: `Basic ${basic}` }

  /** Sessions are few: each is given back, whatever came of it. */
  async function within<T>(use: (center: HttpsServer, path: string) => Promise<T>): Promise<T> {
    const session = await logIn({ ...place, headers })
    const center = { ...place, headers: { 'vmware-api-session-id': session } }
    try {
      return await use(center, `/api/vcenter/vm/${await idIn(center)}/power`)
    } finally {
      await askJson(center, 'DELETE', '/api/session').catch(() => undefined)
    }
  }

  async function idIn(center: HttpsServer): Promise<string> {
    const path = `/api/vcenter/vm?names=${encodeURIComponent(machine)}`
    const found = await askJson(center, 'GET', path)
    const count = Array.isArray(found) ? found.length : 0
    const id = at(found, 0, 'vm')
    if (count === 1 && typeof id === 'string' && /^[\w-]+$/.test(id)) return id
    const why = count === 0 ? 'or this account may not see it' : 'give it a name of its own'
    throw new Error(`${server} has ${count} machines named "${machine}": ${why}`)
  }

  return {
    read: () =>
      within(async (center, path) => {
        const state = at(await askJson(center, 'GET', path), 'state')
        if (state === 'POWERED_OFF') return 'off'
        // What is suspended goes on some day, and does not know that time has passed.
        if (state === 'POWERED_ON' || state === 'SUSPENDED') return 'on'
        throw new Error(`${server} says that "${machine}" is ${JSON.stringify(state)}`)
      }),
    async turn(to) {
      const action = to === 'off' ? 'stop' : 'start'
      await within((center, path) => askJson(center, 'POST', `${path}?action=${action}`))
      return 'asked'
    },
  }
}

/** The answer is the number of the session, as JSON text. */
async function logIn(center: HttpsServer): Promise<string> {
  try {
    const session = await askJson(center, 'POST', '/api/session')
    if (typeof session === 'string' && /^[!-~]{1,200}$/.test(session)) return session
  } catch (error) {
    if (!(error instanceof Refused) || error.status !== 404) throw error
  }
  throw new Error(
    `${center.server} has no /api/session: it is no vCenter Server of 7.0 U2 or later. ` +
      'An ESXi host alone speaks SOAP only, and cannot be used.',
  )
}
