import type { Command } from 'commander'
import { examples } from '../../examples.ts'
import { addApply } from './apply.ts'
import { addConfirm } from './confirm.ts'
import { addDiff } from './diff.ts'
import { addEdit } from './edit.ts'
import { addExport } from './export.ts'
import { addGet } from './get.ts'
import { addHistory } from './history.ts'
import { addImportDocument } from './import.ts'
import { addRollback } from './rollback.ts'
import { addSet, addUnset } from './set.ts'
import { addShow } from './show.ts'

const more = `
A change is checked as a whole, shown with what it does on this box, and becomes a revision; on a
terminal it is asked before. With --confirm 2m it goes back by itself unless you confirm it.`

/** In the order of `diarch config --help`. */
const commands = [
  addShow,
  addGet,
  addSet,
  addUnset,
  addEdit,
  addDiff,
  addApply,
  addConfirm,
  addRollback,
  addHistory,
  addExport,
  addImportDocument,
]

export function addConfig(diarch: Command): void {
  const config = diarch
    .command('config')
    .description('the configuration: look at it, change it safely, go back')
    .addHelpText('after', more)
    .addHelpText(
      'after',
      examples('config show', 'config edit --confirm 2m', 'config apply pair.json --dry-run'),
    )
  for (const add of commands) add(config)
}
