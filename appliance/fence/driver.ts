import type { FencingDevice } from '../config/fencing-schema.ts'
import type { PowerDevice } from '../fencing/power-device.ts'
import { ipmiDevice } from './ipmi-device.ts'
import { libvirtDevice } from './libvirt-device.ts'
import { pduDevice } from './pdu-device.ts'
import { proxmoxDevice } from './proxmox-device.ts'
import { redfishDevice } from './redfish-device.ts'
import { type ScriptCalls, scriptDevice } from './script-device.ts'
import { vmwareDevice } from './vmware-device.ts'

export function driver(name: string, config: FencingDevice, scripts: ScriptCalls): PowerDevice {
  switch (config.kind) {
    case 'redfish':
      return redfishDevice(config)
    case 'ipmi':
      return ipmiDevice(config)
    case 'proxmox':
      return proxmoxDevice(config)
    case 'libvirt':
      return libvirtDevice(config)
    case 'vmware':
      return vmwareDevice(config)
    case 'pdu':
      return pduDevice(config)
    case 'script':
      return scriptDevice(name, config.timeout, scripts)
  }
}
