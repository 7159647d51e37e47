import type { Command } from 'commander'
import { rotationSteps } from '../../pairing/key-rotation.ts'
import type { PairStatus } from '../../status/pair-status.ts'
import { askChange, askDocument } from '../ask-configuration.ts'
import { ask } from '../control-client.ts'
import { examples } from '../examples.ts'
import { Failure } from '../exit-code.ts'
import { runFolderBelow, runOption } from '../folders.ts'

type Options = { readonly run?: string }

export const addRotateKeys = (pair: Command): void => {
  pair
    .command('rotate-keys')
    .description('new keys for signed adverts, on both boxes: the old ones are worth nothing then')
    .option(...runOption)
    .addHelpText('after', examples('pair rotate-keys'))
    .action(rotate)
}

const phases = ['both boxes know the new keys', 'both sign with them', 'the old ones are forgotten']

async function rotate(options: Options, command: Command): Promise<void> {
  const folder = runFolderBelow(options, command)
  const { document } = await askDocument(folder)
  const { cluster = {} } = document as { readonly cluster?: Readonly<Record<string, unknown>> }
  // Slow to load, and the other commands do without.
  const { randomBytes } = await import('node:crypto')
  const steps = rotationSteps(cluster, () => `hex:${randomBytes(32).toString('hex')}`)
  if (steps.length === 0) throw new Failure('no router signs its adverts: there are no keys')
  for (const [index, patch] of steps.entries()) {
    await bothAreThere(folder)
    const { revision } = await askDocument(folder)
    const said = phases[index] ?? ''
    const reason = `keys of adverts, ${index + 1} of ${steps.length}: ${said}`
    await askChange(folder, { patch, parent: revision?.number ?? 0, reason })
    console.log(said)
  }
}

/** A box that misses one of the steps would refuse the adverts of the other one. */
async function bothAreThere(folder: string): Promise<void> {
  const { state, why } = (await ask(folder, 'GET', '/api/v1/pair')) as PairStatus
  if (state === 'in-sync' || state === 'single') return
  throw new Failure(`${why}: the keys can be changed when both boxes are in sync`)
}
