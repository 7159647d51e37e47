/** As it stands before a port: an IPv6 address in brackets. */
export const bracketed = (host: string): string => (host.includes(':') ? `[${host}]` : host)

/** `10.0.0.1:80`, `[fd00::1]:80`. */
export const endpointText = (host: string, port: number): string => `${bracketed(host)}:${port}`
