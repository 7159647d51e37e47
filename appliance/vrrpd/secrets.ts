import type { GuardConfig } from '../guard/guard-config.ts'
import type { HmacKey } from '../vrrp/advert.ts'
import type { RouterConfig } from '../vrrp/router-config.ts'

/** The channel carries JSON, which makes an object with numbers for names of a Uint8Array. */
const bytesOf = (secret: Uint8Array): Uint8Array => Uint8Array.from(Object.values(secret))

export function withSecrets(config: RouterConfig): RouterConfig {
  const { authentication } = config
  if (authentication.kind !== 'hmac') return config
  const keys = authentication.keys.map(
    ({ id, secret }): HmacKey => ({ id, secret: bytesOf(secret) }),
  )
  return { ...config, authentication: { ...authentication, keys } }
}

export const withKey = ({ otherSecret, ...config }: GuardConfig): GuardConfig => ({
  ...config,
  secret: bytesOf(config.secret),
  ...(otherSecret === undefined ? {} : { otherSecret: bytesOf(otherSecret) }),
  leases: config.leases.map(lease => ({ ...lease, secret: bytesOf(lease.secret) })),
})
