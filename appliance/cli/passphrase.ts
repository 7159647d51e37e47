import { textOfFile } from './document-file.ts'
import { exitCode, Failure } from './exit-code.ts'
import { askSecretly, isTerminal } from './terminal-question.ts'

export type PassphraseOptions = { readonly passphraseStdin?: true }

export const passphraseOption = [
  '--passphrase-stdin',
  'the passphrase is read from standard input, and never asked',
] as const

export async function passphraseFrom(
  { passphraseStdin }: PassphraseOptions,
  question: string,
): Promise<string> {
  if (passphraseStdin) return textOfFile('-').replace(/\r?\n$/, '')
  if (isTerminal()) return askSecretly(question)
  throw new Failure(
    'a passphrase is needed: --passphrase-stdin reads it where nobody can be asked',
    exitCode.usage,
  )
}
