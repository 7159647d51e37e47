import { readFileSync } from 'node:fs'

export type Account = { readonly uid: number; readonly gid: number; readonly home: string }

/** Node knows only the name of its own user; the others stand in these two files. */
export function accountOf(user: string, passwdFile = '/etc/passwd'): Account {
  const [, , uid, gid, , home] = line(passwdFile, user) ?? []
  if (uid === undefined || gid === undefined || !/^\d+$/.test(uid) || !/^\d+$/.test(gid)) {
    throw new Error(`${passwdFile} has no user "${user}": add it, or reinstall the image`)
  }
  return { uid: Number(uid), gid: Number(gid), home: home || '/' }
}

/** Null when there is no such group. */
export function groupIdOf(group: string, groupFile = '/etc/group'): number | null {
  const [, , gid] = line(groupFile, group) ?? []
  return gid !== undefined && /^\d+$/.test(gid) ? Number(gid) : null
}

function line(file: string, name: string): string[] | undefined {
  const lines = readFileSync(file, 'utf8').split('\n')
  return lines.map(each => each.split(':')).find(fields => fields[0] === name)
}
