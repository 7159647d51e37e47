import { partsOf } from '../../../appliance/config/parts.ts'
import { NftTable } from '../../../appliance/linux/nft.ts'
import { firewallRules, firewallTable } from '../../../appliance/network/firewall.ts'
import { accepted } from '../../unit/config/pair.ts'
import { asked, tell } from './tell.ts'

/** Keeps the firewall of a document, so many times, and tells each report and what it refused. */

const { document, times } = asked<{ readonly document: unknown; readonly times: number }>()
const { firewall } = partsOf(accepted(document)).network
const table = new NftTable(firewallTable, 'Install nftables.')
const rules = firewall && firewallRules({ ...firewall, webPort: 443, pairPort: 4343 })
for (let round = 0; round < times; round++) {
  tell({ report: await table.keep(rules), refused: await table.packets('refused') })
}
