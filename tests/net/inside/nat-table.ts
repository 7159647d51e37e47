import { execFileSync } from 'node:child_process'
import { natRules, natTable } from '../../../appliance/ipvs/nat-rules.ts'
import { NftTable } from '../../../appliance/linux/nft.ts'
import { director, prefix, server, service, tcp } from '../../unit/ipvs-director-words.ts'
import { asked, tell } from './tell.ts'

/** Keeps the table for these services, with a visitor's change in between; tells each report. */

const { virtual, servers, networks, meddle, keeps } = asked<{
  readonly virtual: readonly string[]
  readonly servers: readonly string[]
  readonly networks: readonly string[]
  readonly meddle: string | null
  readonly keeps: number
}>()
const services = virtual.map((address, place) =>
  service([tcp(address, 80)], [server(servers[place] ?? '', 80, 'nat')]),
)
const rules = natRules(director(services), networks.map(prefix))
const table = new NftTable(natTable, 'Install nftables.')
for (let round = 0; round < keeps; round++) {
  tell(await table.keep(rules))
  if (round > 0 || meddle === null) continue
  execFileSync('nft', meddle.split(' '))
}
