import { partsOf } from '../../../appliance/config/parts.ts'
import { NftTable } from '../../../appliance/linux/nft.ts'
import { vrrpGuardRules, vrrpGuardTable } from '../../../appliance/network/vrrp-guard.ts'
import { accepted } from '../../unit/config/pair.ts'
import { asked, tell } from './tell.ts'

/** Keeps the guard of a document, twice, and tells each report. */

const { document } = asked<{ readonly document: unknown }>()
const { vrrpGuard } = partsOf(accepted(document)).network
const table = new NftTable(vrrpGuardTable, 'Install nftables.')
for (let round = 0; round < 2; round++) {
  tell(await table.keep(vrrpGuard && vrrpGuardRules(vrrpGuard)))
}
