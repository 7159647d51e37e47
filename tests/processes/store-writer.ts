/**
 * A process that writes revisions until it is killed, or a given number of them, and says of each
 * that was acknowledged `NUMBER HASH`. FOLDER NAME KEEP TIMES
 */

import { writeSync } from 'node:fs'
import { openStore } from '../../appliance/store/store.ts'
import { changeNumber } from './store-change.ts'

const [folder = '', name = '', keep = '', times = ''] = process.argv.slice(2)
const store = openStore(folder, Number(keep))
let written = 0
writeSync(1, 'open\n')
while (written < Number(times)) {
  const change = changeNumber(written, name)
  const outcome = store.commit(store.newest?.number ?? 0, change)
  if (outcome.kind === 'stale') continue
  if (outcome.kind !== 'committed') throw new Error(`cannot write: ${JSON.stringify(outcome)}`)
  const { number, hash } = outcome.revision
  // At once, and not when Node finds the time: it may be the last thing that this process does.
  writeSync(1, `${number} ${hash}\n`)
  written += 1
}
