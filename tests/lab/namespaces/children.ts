import { readdirSync, readFileSync } from 'node:fs'

const parentOf = (pid: number): number | null => {
  try {
    // The name in parentheses may hold anything; the state and the parent follow it.
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)
    return Number(stat?.split(' ')[1])
  } catch {
    // It ended while we were looking.
    return null
  }
}

/** The processes that a process has started. Not every kernel keeps the list in /proc itself. */
export const childrenOf = (parent: number): number[] =>
  readdirSync('/proc')
    .filter(name => /^\d+$/.test(name))
    .map(Number)
    .filter(pid => parentOf(pid) === parent)
