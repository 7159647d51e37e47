export const mac = (bytes: Buffer): string => bytes.toString('hex').replace(/..(?=.)/g, '$&:')

export const ipv4 = (bytes: Buffer): string => [...bytes].join('.')

/** In the short form of RFC 5952: lower case, the longest run of zeros as `::`. */
export const ipv6 = (bytes: Buffer): string => {
  const groups = Array.from({ length: 8 }, (_, i) => bytes.readUInt16BE(i * 2).toString(16))
  return new URL(`http://[${groups.join(':')}]`).hostname.slice(1, -1)
}
