import { randomBytes } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import type { ChangeRefusal } from '../api/configuration.ts'
import { findingText } from '../config/finding.ts'
import { type AnswerFile, findAnswerFile } from '../linux/answer-file.ts'
import { readAnswers } from '../setup/answer-file.ts'
import type { AlarmBook } from './alarm-book.ts'
import type { ConfigurationControl } from './configuration/control.ts'
import type { Surroundings } from './surroundings.ts'

export type SetupByFileSite = {
  readonly configuration: Pick<ConfigurationControl, 'current' | 'history' | 'change'>
  readonly surroundings: Pick<Surroundings, 'ports' | 'hostname'>
  readonly alarms: AlarmBook
  readonly say: (text: string) => void
}

/** A USB stick and its partitions come some seconds after everything else. */
const looks = 10
const between = 1000

/** Once in the life of a box: as long as there is no revision, a file may make the first one. */
export async function setUpByFile(site: SetupByFileSite): Promise<void> {
  for (let look = 0; look < looks && isNew(site); look++) {
    if (look > 0) await wait(between)
    try {
      const file = await findAnswerFile()
      if (file !== null) return await setUpBy(file, site)
    } catch (error) {
      refuse(site, [error instanceof Error ? error.message : String(error)])
      return
    }
  }
}

/** A history that cannot be read is no empty one. */
function isNew({ configuration }: SetupByFileSite): boolean {
  const { source, revision } = configuration.current()
  const { revisions, damage } = configuration.history()
  return source === 'store' && revision === null && revisions.length === 0 && damage.length === 0
}

async function setUpBy({ from, text }: AnswerFile, site: SetupByFileSite): Promise<void> {
  const { ports, hostname } = site.surroundings
  const read = readAnswers(text, { ports, hostname, key: randomBytes(32).toString('hex') })
  if (read.kind === 'refused') return refuse(site, read.findings, from)
  const request = { document: read.document, parent: 0, reason: `set up by ${from}` }
  const answer = await site.configuration.change(request, 'unattended setup')
  if ('kind' in answer) return refuse(site, whysOf(answer), from)
  site.say(`set up by ${from}`)
}

function refuse(site: SetupByFileSite, whys: readonly string[], from = 'the answer file'): void {
  const message = `${from} is refused: ${whys.join('; ')}. Set the box up here, or mend the file.`
  site.alarms.set('setup', [{ reason: 'setup-refused', message }])
  site.say(`${from} is refused: ${whys.join('; ')}`)
}

function whysOf(refusal: ChangeRefusal): readonly string[] {
  switch (refusal.kind) {
    case 'invalid':
      return refusal.findings.map(findingText)
    case 'not-taken':
      return refusal.whys
    case 'not-written':
    case 'bad-request':
      return [refusal.why]
    case 'secrets-missing':
      return refusal.places.map(place => `${place}: expected a secret`)
    default:
      return ['somebody else has changed the configuration meanwhile']
  }
}
