import { contradiction, type Problem } from '../finding.ts'
import { nameHint } from '../near.ts'
import type { WholeRouter } from '../whole-router.ts'

export function authenticationProblems({ path, router }: WholeRouter): readonly Problem[] {
  if (router.authentication === 'none') return []
  const at = [...path, 'authentication']
  const { password, hmac } = router.authentication
  if ((password === undefined) === (hmac === undefined)) {
    return [contradiction(at, 'one of password and hmac')]
  }
  if (password !== undefined && router.version === 3) {
    return [contradiction([...at, 'password'], 'no password: VRRPv3 has none', 'use hmac')]
  }
  if (hmac === undefined) return []
  const ids = hmac.keys.map(({ id }) => id)
  const found = ids.flatMap((id, index) =>
    ids.indexOf(id) < index
      ? [contradiction([...at, 'hmac', 'keys', index, 'id'], 'another id than other keys have')]
      : [],
  )
  if (hmac.activeKey !== undefined && !ids.includes(hmac.activeKey)) {
    const hint = () => nameHint(String(hmac.activeKey), ids.map(String))
    found.push(contradiction([...at, 'hmac', 'activeKey'], 'the id of one of the keys', hint))
  }
  return found
}
