import { randomBytes } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import type { ChangeAnswer, ChangeRefusal } from '../api/configuration.ts'
import { findingText } from '../config/finding.ts'
import { type AnswerFile, findAnswerFile } from '../linux/answer-file.ts'
import { type ReadAnswers, readAnswers, type SharedCode } from '../setup/answer-file.ts'
import { milliseconds } from '../values/duration.ts'
import type { AlarmBook } from './alarm-book.ts'
import type { ConfigurationControl } from './configuration/control.ts'
import { joinByFile } from './pair/file-joining.ts'
import type { Pair } from './pair/pair.ts'
import type { Surroundings } from './surroundings.ts'

export type SetupByFileSite = {
  readonly configuration: Pick<ConfigurationControl, 'current' | 'history' | 'change'>
  readonly surroundings: Pick<Surroundings, 'ports' | 'hostname'>
  readonly pair: Pair
  readonly pairPort: number
  readonly alarms: AlarmBook
  readonly say: (text: string) => void
}

/** A USB stick and its partitions come some seconds after everything else. */
const looks = 10
const between = 1000
const betweenJoins = 3000
const [mostTries, betweenTries] = [5, 5000]

const author = 'unattended setup'

/** Once in the life of a box: as long as there is no revision, a file may make the first one. */
export async function setUpByFile(site: SetupByFileSite): Promise<void> {
  for (let look = 0; look < looks && (isNew(site) || isHalfWay(site)); look++) {
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

/** A file has begun it, and the other box has not come yet: the power may have gone meanwhile. */
const isHalfWay = ({ configuration, pair }: SetupByFileSite): boolean =>
  configuration.current().revision?.author === author && !pair.isPaired && !pair.hadGuest

async function setUpBy({ from, text }: AnswerFile, site: SetupByFileSite): Promise<void> {
  const { ports, hostname } = site.surroundings
  const [key = '', guardKey = ''] = [0, 1].map(() => randomBytes(32).toString('hex'))
  const read = readAnswers(text, { ports, hostname, keys: { key, guardKey } })
  if (read.kind === 'refused') return refuse(site, read.findings, from)
  if (isNew(site)) {
    const request = { document: read.document, parent: 0, reason: `set up by ${from}` }
    const refusal = await changedAtLast({
      change: () => site.configuration.change(request, author),
      pause: () => wait(betweenTries),
      tell: whys => site.say(`${from} is not taken yet: ${whys.join('; ')}`),
    })
    if (refusal !== null) return refuse(site, whysOf(refusal), from)
    site.say(`set up by ${from}`)
  }
  if (read.kind === 'join') await joinAs(read, from, site)
  else if (read.code !== null) await showCode(read.code, site)
}

/** Nobody is there who would try again when processes were too slow for once. Null: it is done. */
export async function changedAtLast(how: {
  readonly change: () => Promise<ChangeAnswer | ChangeRefusal>
  readonly pause: () => Promise<unknown>
  readonly tell: (whys: readonly string[]) => void
}): Promise<ChangeRefusal | null> {
  for (let left = mostTries - 1; ; left -= 1) {
    const answer = await how.change()
    if (!('kind' in answer)) return null
    if (answer.kind !== 'not-taken' || left === 0) return answer
    how.tell(answer.whys)
    await how.pause()
  }
}

async function showCode({ code, within }: SharedCode, site: SetupByFileSite): Promise<void> {
  const { time = new Date().toISOString() } = site.configuration.current().revision ?? {}
  const left = milliseconds(Date.parse(time) + within - Date.now())
  if (left <= 0) return
  const shown = await site.pair.showCode({ code, within: left })
  if (shown === null) refuse(site, ['the process "pair" does not start'])
}

async function joinAs(
  read: Extract<ReadAnswers, { kind: 'join' }>,
  from: string,
  site: SetupByFileSite,
): Promise<void> {
  const { pair, pairPort } = site
  const refusal = await joinByFile(read, {
    pair,
    pairPort,
    isOver: () => !isHalfWay(site),
    pause: () => wait(betweenJoins),
    tell: message => site.alarms.set('setup', [{ reason: 'setup-waits', message }]),
  })
  if (refusal !== null) refuse(site, [`${refusal.title}: ${refusal.detail}`], from)
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
