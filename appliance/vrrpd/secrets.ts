import type { GuardConfig } from '../guard/guard-config.ts'
import type { HmacKey } from '../vrrp/advert.ts'
import type { RouterConfig } from '../vrrp/router-config.ts'

/** The channel carries JSON, which makes an object with numbers for names of a Uint8Array. */
export function withSecrets(config: RouterConfig): RouterConfig {
  const { authentication } = config
  if (authentication.kind !== 'hmac') return config
  const keys = authentication.keys.map(
    ({ id, secret }): HmacKey => ({ id, secret: Uint8Array.from(Object.values(secret)) }),
  )
  return { ...config, authentication: { ...authentication, keys } }
}

export const withKey = (config: GuardConfig): GuardConfig => ({
  ...config,
  secret: Uint8Array.from(Object.values(config.secret)),
  leases: config.leases.map(lease => ({
    ...lease,
    secret: Uint8Array.from(Object.values(lease.secret)),
  })),
})
