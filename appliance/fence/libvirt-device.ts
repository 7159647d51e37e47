import type { LibvirtDevice } from '../config/fencing-schema.ts'
import {
  decodeDomain,
  decodeLogins,
  decodeState,
  type Procedure,
  withoutLogin,
} from '../fencing/libvirt-message.ts'
import type { PowerDevice } from '../fencing/power-device.ts'
import { words as wordsOf } from '../fencing/switching.ts'
import { join, present, text, words } from '../fencing/xdr.ts'
import { LibvirtConnection } from './libvirt-connection.ts'

/** A machine of a host with libvirt. `DOMAIN_DESTROY` pulls the plug, and deletes nothing. */
export function libvirtDevice(config: LibvirtDevice): PowerDevice {
  const { server, machine, uri } = config

  /** `use` has the machine, as it stands on the wire. */
  async function within<T>(use: (call: Call, domain: Uint8Array) => Promise<T>): Promise<T> {
    let doing = 'connecting'
    let connection: LibvirtConnection | null = null
    try {
      const opened = await LibvirtConnection.open(config)
      connection = opened
      const call: Call = (name, args, limit) => {
        doing = operations[name]
        return opened.call(name, args, limit)
      }
      const logins = read(decodeLogins(await call('authList', nothing)))
      if (!logins.includes(withoutLogin)) throw new Error(wantsLogin)
      await call('connectOpen', join(present(text(uri)), words(0)))
      const found = await call('domainLookupByName', text(machine))
      const answer = await use(call, read(decodeDomain(found)))
      await opened.call('connectClose', nothing).catch(() => undefined)
      return answer
    } catch (error) {
      throw new Error(`${server}: ${doing}: ${wordsOf(error)}`)
    } finally {
      connection?.close()
    }
  }

  return {
    read: () =>
      within(async (call, domain) => {
        const state = read(decodeState(await call('domainGetState', join(domain, words(0)))))
        if (state !== 'elsewhere') return state
        throw new Error(`"${machine}" has moved to another host: that one has power over it now`)
      }),
    async turn(to) {
      const wanted = to === 'off' ? 'domainDestroy' : 'domainCreate'
      await within((call, domain) => call(wanted, domain, switchWithin))
      return 'asked'
    },
  }
}

type Call = (name: Procedure, args: Uint8Array, limit?: number) => Promise<Uint8Array>

const nothing = new Uint8Array(0)

/** A host asks QEMU to end, and kills it when it has not after 10 s; milliseconds. */
const switchWithin = 30_000

function read<T>(decoded: T | null): T {
  if (decoded === null) throw new Error('its answer is broken')
  return decoded
}

const operations: Readonly<Record<Procedure, string>> = {
  authList: 'asking how to log in',
  connectOpen: 'opening the hypervisor',
  connectClose: 'closing',
  domainLookupByName: 'looking for the machine',
  domainGetState: 'asking for its state',
  domainDestroy: 'switching it off',
  domainCreate: 'switching it on',
}

const wantsLogin = 'it wants a login beside the certificate: set auth_tls = "none" in libvirtd.conf'
