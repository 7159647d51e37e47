/**
 * The cookie of a session. Browsers give a cookie to every port of a host, so it is named by the
 * port under which the box was asked: two boxes behind one address do not log each other out.
 */

const nameFor = (host: string): string => {
  const [, port] = /:(\d{1,5})$/.exec(host) ?? []
  return port === undefined ? '__Host-diarch' : `__Host-diarch-${port}`
}

/** Null: the browser has none for this host. */
export function sessionIn(cookies: string | undefined, host: string): string | null {
  const name = nameFor(host)
  for (const cookie of (cookies ?? '').split(';')) {
    const [key, value] = cookie.split('=')
    if (key?.trim() === name && value !== undefined) return value.trim()
  }
  return null
}

/** RFC 6265bis 4.1.3.2: a browser takes `__Host-` only with these, from this host, over HTTPS. */
const rules = 'Path=/; Secure; HttpOnly; SameSite=Strict'

/** Without an age: it goes with the browser, and the box ends it before. */
export const cookieFor = (session: string, host: string): string =>
  `${nameFor(host)}=${session}; ${rules}`

export const cookieRemoved = (host: string): string => `${nameFor(host)}=; Max-Age=0; ${rules}`
