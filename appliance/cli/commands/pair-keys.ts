import { type Command, Option } from 'commander'
import type { PatchStep } from '../../api/configuration.ts'
import { heartbeatKeySteps, rotationSteps } from '../../pairing/key-rotation.ts'
import type { PairStatus } from '../../status/pair-status.ts'
import { askChange, askDocument } from '../ask-configuration.ts'
import { ask } from '../control-client.ts'
import { examples } from '../examples.ts'
import { Failure } from '../exit-code.ts'
import { runFolderBelow, runOption } from '../folders.ts'

const kinds = ['connection', 'adverts', 'heartbeats'] as const
type Kind = (typeof kinds)[number]
type Options = { readonly run?: string; readonly only?: Kind }

export const addRotateKeys = (pair: Command): void => {
  pair
    .command('rotate-keys')
    .description('new keys for both boxes, without an outage: the old ones are worth nothing then')
    .addOption(onlyOption())
    .option(...runOption)
    .addHelpText('after', examples('pair rotate-keys', 'pair rotate-keys --only connection'))
    .action(rotate)
}

const onlyOption = (): Option =>
  new Option(
    '--only <keys>',
    'connection: by which the two boxes know each other; adverts, heartbeats: that sign them',
  ).choices(kinds)

async function rotate(options: Options, command: Command): Promise<void> {
  const folder = runFolderBelow(options, command)
  const { only } = options
  const isAsked = only !== undefined
  // A peer of older software keeps the key of its connection: the other keys change all the same.
  let late: unknown = null
  for (const kind of isAsked ? [only] : kinds) {
    if (kind !== 'connection') await rotateSecrets(folder, kind, isAsked)
    else {
      await renewConnection(folder, isAsked).catch((error: unknown) => {
        late = error
      })
    }
  }
  if (late !== null) throw late
}

const path = '/api/v1/pair'

async function renewConnection(folder: string, isAsked: boolean): Promise<void> {
  const before = (await ask(folder, 'GET', path)) as PairStatus
  if (before.peer === null && !isAsked) {
    console.log('this box is paired with nobody: it has no connection')
    return
  }
  const after = (await ask(folder, 'POST', `${path}/key`, { both: true })) as PairStatus
  const ours = [before.key?.fingerprint, after.key?.fingerprint] as const
  const theirs = [before.peer?.fingerprint, after.peer?.fingerprint] as const
  const { name = 'the peer' } = after.peer ?? {}
  for (const [who, [old, now]] of [['this box', ours] as const, [name, theirs] as const]) {
    if (now === old) throw new Failure(`${who} has its old key still: see "diarch events"`)
    console.log(`${who} has a new key, SHA-256 ${now}`)
  }
}

const phases = ['both boxes know the new keys', 'both sign with them', 'the old ones are forgotten']
const none = {
  adverts: 'no router signs its adverts: there are no keys',
  heartbeats: 'there is no secret of heartbeats',
}

async function rotateSecrets(
  folder: string,
  kind: 'adverts' | 'heartbeats',
  isAsked: boolean,
): Promise<void> {
  const { document, revision } = await askDocument(folder)
  // What the steps are made from: whoever changes it meanwhile ends this.
  let parent = revision?.number ?? 0
  const { cluster = {} } = document as { readonly cluster?: Readonly<Record<string, unknown>> }
  // Slow to load, and the other commands do without.
  const { randomBytes } = await import('node:crypto')
  const secret = (): string => `hex:${randomBytes(32).toString('hex')}`
  const stepsOf = kind === 'adverts' ? rotationSteps : heartbeatKeySteps
  const steps: readonly (readonly PatchStep[])[] = stepsOf(cluster, secret)
  if (steps.length === 0) {
    if (isAsked) throw new Failure(none[kind])
    console.log(none[kind])
  }
  for (const [index, patch] of steps.entries()) {
    await bothAreThere(folder)
    // One that has ended in the middle is taken back first.
    const said = phases[index - steps.length + phases.length] ?? 'both sign with the old ones again'
    const reason = `keys of ${kind}, ${index + 1} of ${steps.length}: ${said}`
    const changed = await askChange(folder, { patch, parent, reason })
    parent = changed.revision?.number ?? parent
    console.log(`${kind}: ${said}`)
  }
}

/** A box that misses one of the steps would refuse the adverts of the other one. */
async function bothAreThere(folder: string): Promise<void> {
  const { state, why } = (await ask(folder, 'GET', path)) as PairStatus
  if (state === 'in-sync' || state === 'single') return
  throw new Failure(`${why}: the keys can be changed when both boxes are in sync`)
}
