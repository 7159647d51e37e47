type Table = Readonly<Record<string, unknown>>

const tableOf = (value: unknown): Table =>
  typeof value === 'object' && value !== null ? (value as Table) : {}

/** Of all routers of the cluster's half, as it is written: they are no addresses of one box. */
export const virtualAddressesOf = (cluster: Table): readonly string[] =>
  Object.values(tableOf(cluster.routers)).flatMap(router => {
    const { virtualAddresses } = tableOf(router)
    return (Array.isArray(virtualAddresses) ? virtualAddresses : [])
      .map(each => (typeof each === 'string' ? each : tableOf(each).address))
      .flatMap(each => (typeof each === 'string' ? [each.replace(/\/.*/, '')] : []))
  })
