import type { Command } from 'commander'
import { heartbeatSteps } from '../../pairing/pair-heartbeats.ts'
import type { PairStatus } from '../../status/pair-status.ts'
import { askChange, askDocument } from '../ask-configuration.ts'
import { ask } from '../control-client.ts'
import { examples } from '../examples.ts'
import { Failure } from '../exit-code.ts'
import { runFolderBelow, runOption } from '../folders.ts'

export const addHeartbeats = (pair: Command): void => {
  pair
    .command('heartbeats')
    .description('have this box hear the other one beside VRRP too; on each of the two, once')
    .option(...runOption)
    .addHelpText('after', examples('pair heartbeats'))
    .action(heartbeats)
}

async function heartbeats(options: { readonly run?: string }, command: Command): Promise<void> {
  const folder = runFolderBelow(options, command)
  const { peer } = (await ask(folder, 'GET', '/api/v1/pair')) as PairStatus
  if (peer === null) throw new Failure('this box is paired with nobody: "diarch pair code"')
  // Slow to load, and the other commands do without.
  const { randomBytes } = await import('node:crypto')
  const { pathToPeer } = await import('../../linux/path-to-peer.ts')
  const path = pathToPeer(peer.address)
  if (path === null) {
    const advice = 'name a path yourself, below node.heartbeats'
    throw new Failure(`no network of this box has the peer, ${peer.address}: ${advice}`)
  }
  const { document, revision } = await askDocument(folder)
  const patch = heartbeatSteps({ document, path, secret: randomBytes(32).toString('hex') })
  if (patch.length === 0) {
    console.log('this box has paths beside VRRP already: "diarch status" shows them')
    return
  }
  const reason = 'the pair has heartbeats beside VRRP'
  await askChange(folder, { patch, parent: revision?.number ?? 0, reason })
  console.log(`${peer.name} is heard beside VRRP: ${path.interface}, ${path.peer}`)
  console.log('The other box needs its own path: "diarch pair heartbeats" there too.')
}
