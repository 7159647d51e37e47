import type { PeerUpgrade } from '../api/upgrade-operations.ts'
import { newestVersion } from '../config/migrations.ts'
import type { Join } from '../setup/setup.ts'
import type { Ask, Option } from '../terminal/interview.ts'
import { commitText } from './commit-text.ts'

/** The code is right, and the first box has other software than this one. */
export type OtherSoftware = {
  readonly join: Join
  /** For people. */
  readonly lines: readonly string[]
  /** Null: it cannot be taken from there. */
  readonly offered: PeerUpgrade | null
}

export const versionsQuestion =
  ({ lines, offered }: OtherSoftware): Ask =>
  ({ versions }) =>
    versions !== undefined
      ? null
      : {
          id: 'versions',
          title: 'The two boxes have different software. What now?',
          help: offered === null ? lines : helpWith(offered),
          options: [...(offered === null ? [] : waysWith(offered)), stop],
          secret: false,
          suggestion: '',
          check: () => null,
        }

/** Whoever sits here needs no command of another place. */
const helpWith = ({ from, runs, version }: PeerUpgrade): readonly string[] => [
  `This box has version ${runs}, and ${from} has version ${version}.`,
  `To keep that of this box instead, stop here, and upgrade ${from} first.`,
]

const stop: Option = { value: 'stop', label: 'stop: this box stays as it is' }

function waysWith({ from, version, commit, signature, schema }: PeerUpgrade): readonly Option[] {
  const signed = signature === 'good' ? ', signed' : ''
  const take = {
    value: 'take',
    label: `take the software of ${from} (${version}, ${commitText(commit)}${signed}), and restart`,
  }
  const join = { value: 'join', label: 'join all the same: both write the same configuration' }
  return schema === newestVersion ? [take, join] : [take]
}
