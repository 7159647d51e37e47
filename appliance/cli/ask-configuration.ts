import type {
  ChangeAnswer,
  ChangeRequest,
  RevisionInfo,
  ShownConfiguration,
} from '../api/configuration.ts'
import { ask } from './control-client.ts'
import { Failure } from './exit-code.ts'

const root = '/api/v1/configuration'

export type History = {
  readonly revisions: readonly RevisionInfo[]
  /** `FILE: why it cannot be read`. */
  readonly damage: readonly string[]
}

export type Exported = {
  readonly text: string
  /** What the format cannot say, and where it is in the document. */
  readonly findings: readonly { readonly path: string; readonly text: string }[]
}

/** What is in force, or was with that number. */
export async function askConfiguration(runDir: string, revision?: number) {
  const path = revision === undefined ? root : `${root}/revisions/${revision}`
  return (await ask(runDir, 'GET', path)) as ShownConfiguration
}

/** The same, where a document is needed. */
export async function askDocument(runDir: string, revision?: number) {
  const shown = await askConfiguration(runDir, revision)
  if (shown.document !== null) return shown
  throw new Failure('there is no configuration yet: "diarch config apply FILE" brings the first')
}

/** The same, where it is to be changed. */
export async function askStore(runDir: string): Promise<ShownConfiguration> {
  const shown = await askConfiguration(runDir)
  if (shown.source === 'store') return shown
  throw new Failure(
    `the configuration is the file ${shown.source}: edit that, then "diarch reload"`,
  )
}

export const askHistory = async (runDir: string): Promise<History> =>
  (await ask(runDir, 'GET', `${root}/revisions`)) as History

export const askChange = async (runDir: string, request: ChangeRequest): Promise<ChangeAnswer> =>
  (await ask(runDir, 'POST', `${root}/changes`, request)) as ChangeAnswer

export async function askConfirmation(runDir: string): Promise<RevisionInfo> {
  return ((await ask(runDir, 'POST', `${root}/confirmation`)) as OfRevision).revision
}

export async function askEndOfTrial(runDir: string): Promise<RevisionInfo> {
  return ((await ask(runDir, 'DELETE', `${root}/trial`)) as OfRevision).revision
}

export const askExport = async (
  runDir: string,
  wanted: { readonly format: string; readonly secrets: boolean },
): Promise<Exported> => (await ask(runDir, 'POST', `${root}/export`, wanted)) as Exported

type OfRevision = { readonly revision: RevisionInfo }
