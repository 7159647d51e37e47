import type { AlarmText } from '../boot/alarm-text.ts'
import type { RouterConfig } from '../vrrp/router-config.ts'

/**
 * Of two boxes that trust each other by key, and do not sign. Beside keepalived or a third router
 * it may have to be so, and nobody is told.
 */
export function unsignedAdverts(
  routers: readonly RouterConfig[],
  isPaired: boolean,
): readonly AlarmText[] {
  const bare = routers.filter(({ authentication }) => {
    return authentication.kind !== 'hmac' || authentication.mode !== 'enforce'
  })
  if (!isPaired || bare.length === 0) return []
  const names = bare.map(({ name }) => name).join(', ')
  const message =
    `Anybody on the network can take the addresses of ${names}: adverts need no signature there. ` +
    'Give each of them authentication.hmac, with the mode "permissive" first and then "enforce": ' +
    'docs/guides/vrrp.md, "Adverts that cannot be forged"'
  return [{ reason: 'adverts-unsigned', message }]
}
