import { type Prefix, prefixText } from '../values/prefix.ts'
import type { RouterConfig } from '../vrrp/router-config.ts'

/** Virtual addresses as `192.0.2.100/24 on eth0`, of a box that is master of all its routers. */
export type AddressChanges = {
  readonly come: readonly string[]
  readonly go: readonly string[]
}

export function addressChanges(
  before: readonly RouterConfig[],
  after: readonly RouterConfig[],
): AddressChanges {
  const [old, next] = [held(before), held(after)]
  return {
    come: [...next].filter(each => !old.has(each)),
    go: [...old].filter(each => !next.has(each)),
  }
}

const held = (routers: readonly RouterConfig[]): ReadonlySet<string> =>
  new Set(
    routers.flatMap(router =>
      router.addresses.map(each => placeText(each.prefix, each.interface ?? router.interface)),
    ),
  )

const placeText = (prefix: Prefix, on: string): string => `${prefixText(prefix)} on ${on}`
