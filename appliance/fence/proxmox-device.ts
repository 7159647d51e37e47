import type { ProxmoxDevice } from '../config/fencing-schema.ts'
import type { PowerDevice } from '../fencing/power-device.ts'
import { askJson, at, type HttpsServer } from './https-json.ts'

/** Proxmox VE: /api2/json/nodes/{node}/qemu/{vmid}/status. `stop` pulls the plug. */
export function proxmoxDevice(config: ProxmoxDevice): PowerDevice {
  const { server, port, verify, ca, token, secret } = config
  const headers = { Authorization: `PVEAPIToken=${token}=${secret}` }
  const cluster: HttpsServer = { server, port, verify, ca, headers }
  const path = `/api2/json/nodes/${config.node}/qemu/${config.machine}/status`
  return {
    async read() {
      const state = at(await askJson(cluster, 'GET', `${path}/current`), 'data', 'status')
      if (state === 'stopped') return 'off'
      if (state === 'running') return 'on'
      throw new Error(`${server} says that machine ${config.machine} is ${JSON.stringify(state)}`)
    },
    async turn(to) {
      await askJson(cluster, 'POST', `${path}/${to === 'off' ? 'stop' : 'start'}`, {})
      return 'asked'
    },
  }
}
