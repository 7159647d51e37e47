/** What both products are told: TCP services on port 80 that have the same servers. */
export type Wanted = {
  readonly services: readonly string[]
  readonly servers: readonly string[]
  readonly check: Check
}

/** One failure is enough. */
export type Check = { readonly intervalMs: number; readonly timeoutMs: number }

/** As a `cluster` of Diarch's document. */
export function clusterOf({ services, servers, check }: Wanted): object {
  const all = servers.map((address, index) => [`s${index + 1}`, `${address}:80`])
  const service = (address: string): object => ({
    virtual: [{ address, port: 80, held: false }],
    scheduler: 'rr',
    forwarding: 'direct',
    checks: ['connect'],
    servers: Object.fromEntries(all),
  })
  return {
    checks: {
      connect: {
        kind: 'tcp',
        interval: `${check.intervalMs}ms`,
        timeout: `${check.timeoutMs}ms`,
        fall: 1,
      },
    },
    services: Object.fromEntries(services.map((each, n) => [`service${n + 1}`, service(each)])),
  }
}
