import { portNameProblem } from './port-name-rules.ts'
import type { RecordedPort } from './port-plan.ts'

/** Another name for a card, as an operator asks for it; `port-plan.ts` makes it true at a start. */

export type Assigned =
  | { readonly ok: true; readonly ports: readonly RecordedPort[] }
  | { readonly ok: false; readonly why: string }

/** Names change, and a place may be forgotten: a card is who it is. */
export const sameCard = (one: RecordedPort, two: RecordedPort): boolean =>
  one.mac === two.mac && one.path === two.path

/**
 * What has the name already gives way: another card takes the old name of this one, and a card that
 * is not there is forgotten, as this one is in its place. Names keep their order.
 */
export const assignPort = (
  ports: readonly RecordedPort[],
  card: RecordedPort,
  name: string,
  about: {
    readonly isThere: (port: RecordedPort) => boolean
    /** Names of interfaces that are no ports. */
    readonly taken: readonly string[]
  },
): Assigned => {
  const problem = about.taken.includes(name)
    ? 'belongs to an interface that is no port'
    : portNameProblem(name)
  if (problem) return { ok: false, why: `the name "${name}" ${problem}` }
  const own = ports.find(port => sameCard(port, card))
  if (!own) return { ok: false, why: `${card.name} is to be forgotten` }
  if (own.name === name) return { ok: true, ports }
  const holder = ports.find(port => port.name === name)
  if (!holder) {
    return { ok: true, ports: ports.map(port => (port === own ? { ...own, name } : port)) }
  }
  const isThere = about.isThere(holder)
  return {
    ok: true,
    ports: ports.flatMap(port => {
      if (port === holder) return { ...own, name }
      if (port !== own) return port
      return isThere ? { ...holder, name: own.name } : []
    }),
  }
}
