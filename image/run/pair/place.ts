/** Who has which address in the demo's network (RFC 5737: for documentation, used by nobody). */
export const place = {
  client: '192.0.2.1',
  virtual: '192.0.2.100',
  boxes: ['192.0.2.11', '192.0.2.12'],
  servers: ['192.0.2.21', '192.0.2.22'],
  virtualRouterId: 51,
} as const

export const prefix = (address: string): string => `${address}/24`
