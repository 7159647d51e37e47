/** An IPv6 address may stand in brackets where a host is named; nobody who is asked wants them. */
export const withoutBrackets = (host: string): string => host.replace(/^\[(.*)\]$/, '$1')
