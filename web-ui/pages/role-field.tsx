import type { Role } from '../session.ts'

const roles: readonly (readonly [Role, string])[] = [
  ['viewer', 'viewer: looks'],
  ['operator', 'operator: drains, fails over, checks'],
  ['admin', 'admin: everything'],
]

export const RoleField = () => (
  <label>
    Role
    <select name="role">
      {roles.map(([role, words]) => (
        <option key={role} value={role}>
          {words}
        </option>
      ))}
    </select>
  </label>
)
