import type { PairStatus } from '../status/pair-status.ts'

export type ShownPair = PairStatus & {
  readonly codeExpiresAt: string | null
  readonly conflict: {
    readonly ours: Head
    readonly theirs: Head
    readonly differences: readonly string[]
  } | null
}

type Head = { readonly author: string; readonly reason: string }

export function showPair(shown: ShownPair): string {
  const { peer, conflict, codeExpiresAt } = shown
  const lines = [pairText(shown)]
  if (peer !== null) {
    const version = peer.version === null ? '' : `, version ${peer.version}`
    lines.push(`peer: ${peer.name} at ${peer.address}${version}`, `SHA-256 ${peer.fingerprint}`)
  }
  if (codeExpiresAt !== null) lines.push(`another box may join until ${codeExpiresAt}`)
  if (conflict !== null) lines.push('', ...conflictLines(conflict))
  return lines.join('\n')
}

export const pairText = ({ state, why }: PairStatus): string => `${state}: ${why}`

function conflictLines({
  ours,
  theirs,
  differences,
}: NonNullable<ShownPair['conflict']>): readonly string[] {
  const head = ({ author, reason }: Head): string =>
    reason === '' ? author : `${author}: ${reason}`
  return [
    `changed here by ${head(ours)}`,
    `changed there by ${head(theirs)}`,
    'From here to there:',
    ...differences.map(each => `  ${each}`),
    'Keep one of them: diarch pair resolve --keep ours, or --keep theirs',
  ]
}
