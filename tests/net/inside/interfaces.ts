import { type Interface, Interfaces } from '../../../appliance/linux/interfaces.ts'
import { asked, tell } from './tell.ts'

/** Tells the interfaces, and each change, until SIGTERM. */
const { bufferBytes = 4_000_000 } = asked<{ readonly bufferBytes?: number }>()

const shown = (one: Interface | null) =>
  one === null
    ? null
    : {
        name: one.name,
        mac: one.mac,
        mtu: one.mtu,
        up: one.up,
        carrier: one.carrier,
        kind: one.kind,
        addresses: one.addresses.map(({ prefix }) => `${prefix.address}/${prefix.length}`),
      }

const interfaces = Interfaces.open(
  changes => {
    const at = Date.now()
    for (const { before, after } of changes)
      tell({ before: shown(before), after: shown(after), at })
  },
  { bufferBytes, onOverflow: () => tell({ overflow: true }) },
)
process.on('SIGTERM', () => {
  tell({ all: interfaces.all().map(shown), named: shown(interfaces.named('eth0')) })
  interfaces.close()
})
tell({ all: interfaces.all().map(shown) })
