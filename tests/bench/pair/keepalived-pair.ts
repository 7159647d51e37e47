import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { seconds } from '../../../appliance/values/duration.ts'
import { shopLan } from '../../image/pair-figures.ts'
import { openLab } from '../../lab/namespaces/lab.ts'
import { copyDisk } from '../../lab/vm/disk.ts'
import { scratchFolder } from '../../lab/vm/scratch.ts'
import { startVm } from '../../lab/vm/vm.ts'
import { settledPeer } from '../image/race.ts'
import type { Scope } from '../scope.ts'
import { type VmPair, virtualAddress } from './power-cut.ts'

const [firstMac, secondMac] = ['52:54:00:00:52:01', '52:54:00:00:52:02']

/** Where the only partition of the peer's disk begins. */
const partition = 2048 * 512

/** What an operator has to write, and nothing that could be left out. */
const configuration = (priority: number): string => `
vrrp_instance VI_1 {
    state BACKUP
    interface eth0
    virtual_router_id 51
    priority ${priority}
    virtual_ipaddress {
        ${virtualAddress}/24
    }
}
virtual_server ${virtualAddress} 80 {
    lb_kind DR
    protocol TCP
    real_server 192.0.2.21 80 {
        TCP_CHECK {
        }
    }
    real_server 192.0.2.22 80 {
        TCP_CHECK {
        }
    }
}
`

const network = (address: string): string =>
  `[Match]\nName=eth0\n\n[Network]\nAddress=${address}/24\n`

/** Two stock Debians with keepalived, and a client and servers of their own. */
export async function keepalivedPair(scope: Scope, folder: string): Promise<VmPair> {
  const stock = await settledPeer(folder)
  const lab = await openLab(scope)
  const { lan, client } = await shopLan(lab)
  const box = (mac: string, address: string, priority: number) => {
    const disk = copyDisk(scope, stock)
    const files = scratchFolder(scope)
    const put = (name: string, text: string, path: string): string[] => {
      writeFileSync(join(files, name), text)
      return [`rm ${path}`, `write ${join(files, name)} ${path}`]
    }
    const commands = [
      ...put('keepalived.conf', configuration(priority), '/etc/keepalived/keepalived.conf'),
      ...put('wired.network', network(address), '/etc/systemd/network/wired.network'),
    ]
    const image = `${disk.path}?offset=${partition}`
    execFileSync('debugfs', ['-w', '-f', '-', image], { input: `${commands.join('\n')}\n` })
    return startVm(scope, { disk, memoryMiB: 512, nics: [{ switch: lan, mac }] })
  }
  const [first, second] = await Promise.all([
    box(firstMac, '192.0.2.11', 150),
    box(secondMac, '192.0.2.12', 100),
  ])
  await Promise.all([first, second].map(vm => vm.serial.until(/login: /, seconds(300))))
  return { product: 'keepalived', client, first, firstMac, secondFollows: async () => {} }
}
