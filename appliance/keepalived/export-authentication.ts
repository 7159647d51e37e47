import type { WholeRouter } from '../config/whole-router.ts'
import type { Lacks } from './export-finding.ts'
import type { Secrecy } from './export-router.ts'
import { type Line, plainWord, secondsText } from './export-text.ts'

const hidden = 'secrets are not exported unless asked: export with them, or write them in'

export function authenticationLines(
  { path, router: { authentication } }: WholeRouter,
  { secrets }: Secrecy,
  lacks: Lacks,
): readonly Line[] {
  if (authentication === 'none') return []
  const at = [...path, 'authentication']
  if (!secrets) return [lacks.say(at, hidden)]
  const { password, hmac } = authentication
  if (hmac === undefined) {
    const word = plainWord(password ?? '')
    if (word === null) {
      const text = 'keepalived cannot read quotes and backslashes in it: choose another on both'
      return [lacks.say([...at, 'password'], text)]
    }
    return [{ head: 'authentication', body: ['auth_type PASS', `auth_pass ${word}`] }]
  }
  const { keys, activeKey, mode, window } = hmac
  const body = [
    ...keys.map(({ id, secret }) => `key ${id} hex:${hexText(secret)}`),
    ...(activeKey === undefined ? [] : [`active_key ${activeKey}`]),
    ...(mode === 'enforce' ? [] : [`mode ${mode}`]),
    ...(window === undefined ? [] : [`time_window ${secondsText(window)}`]),
  ]
  const text =
    'keepalived before 2.4.2 does not know auth_hmac, or signs otherwise: take a newer one'
  return [{ head: 'auth_hmac', body }, lacks.say([...at, 'hmac'], text)]
}

const hexText = (bytes: Uint8Array): string =>
  [...bytes].map(byte => byte.toString(16).padStart(2, '0')).join('')
