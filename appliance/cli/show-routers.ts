import type { RouterStatus } from '../status/router-status.ts'
import { lengthWords, table } from './table.ts'

/** The virtual routers for people, each with why it is what it is. */
export function showRouters(routers: readonly RouterStatus[], now: string): string {
  const rows = routers.map(each => {
    const since = (Date.parse(now) - Date.parse(each.since)) / 1000
    const { explanation } = each.priority
    return [each.name, each.state, lengthWords(since), explanation, where(each), each.why]
  })
  return table(['ROUTER', 'STATE', 'SINCE', 'PRIORITY', 'ADDRESSES', 'WHY'], rows)
}

function where({ addresses, interface: on, vrid }: RouterStatus): string {
  // What should be there and is not is seen.
  const shown = addresses.map(({ address, held }) => (held ? address : `(${address})`))
  return `${shown.join(' ')} on ${on}, VRID ${vrid}`
}
