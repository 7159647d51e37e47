import { mkdirSync, readdirSync, readFileSync, statfsSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** One control group per child below `root`: its memory limit, and a handle on all it started. */
export type ControlGroups = {
  /** Ready to be joined; the limit is in force before the first process is in it. */
  readonly prepare: (child: string, memoryLimitMiB: number | null) => string
  /** Whatever processes are left in it, grandchildren too, die at once. */
  readonly killAll: (child: string) => void
}

/** cgroup2 in linux/magic.h */
const cgroup2Magic = 0x63677270

/** Throws where control groups cannot be used here, and says why. */
export function openControlGroups(root: string): ControlGroups {
  const parent = dirname(root)
  if (statfsSync(parent).type !== cgroup2Magic) {
    throw new Error(`${parent} is no cgroup2 file system`)
  }
  mkdirSync(root, { recursive: true })
  for (const directory of [parent, root]) {
    writeFileSync(join(directory, 'cgroup.subtree_control'), '+memory')
  }
  const killAll = (child: string): void => {
    writeFileSync(join(root, child, 'cgroup.kill'), '1')
  }
  // A supervisor before this one may have been killed and have left somebody.
  for (const entry of readdirSync(root, { withFileTypes: true })) {
    if (entry.isDirectory() && isPopulated(join(root, entry.name))) killAll(entry.name)
  }
  return {
    killAll,
    prepare: (child, memoryLimitMiB) => {
      const group = join(root, child)
      mkdirSync(group, { recursive: true })
      const limit = memoryLimitMiB === null ? 'max' : String(memoryLimitMiB * 2 ** 20)
      writeFileSync(join(group, 'memory.max'), limit)
      // One process of a child without the others is no child any more.
      writeFileSync(join(group, 'memory.oom.group'), '1')
      return group
    },
  }
}

const isPopulated = (group: string): boolean =>
  readFileSync(join(group, 'cgroup.events'), 'utf8').includes('populated 1')
