import { userInfo } from 'node:os'

/** Who is at the keyboard, for revisions and the audit log; sudo does not hide him. */
export function author(env: NodeJS.ProcessEnv): string {
  const name = env.SUDO_USER || nameOfThisUser()
  // A header takes no more than this.
  return name.replaceAll(/[^!-~]/g, '?').slice(0, 64)
}

function nameOfThisUser(): string {
  try {
    return userInfo().username
  } catch {
    // In containers there are users without a name.
    return `uid-${process.getuid?.()}`
  }
}
