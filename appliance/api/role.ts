/** Who may do what. `viewer`: look. `operator`: drain, failover, checks. `admin`: everything. */
export const roles = ['viewer', 'operator', 'admin'] as const

export type Role = (typeof roles)[number]

export const mayAct = (has: Role, needed: Role): boolean =>
  roles.indexOf(has) >= roles.indexOf(needed)
