import type { KernelSetting, Wish } from './kernel-settings.ts'

export type SettingChange = {
  readonly name: string
  /** Before it. */
  readonly from: string
  readonly to: string
  readonly reason: string
}

/** Null: this kernel has no such setting. */
export type ReadSetting = (name: string) => string | null

export type SettingsPlan = {
  readonly changes: readonly SettingChange[]
  readonly missing: readonly KernelSetting[]
}

/** What has to be written so that each wish is true; nothing when all are. */
export function planSettings(wanted: readonly KernelSetting[], read: ReadSetting): SettingsPlan {
  const changes: SettingChange[] = []
  const missing: KernelSetting[] = []
  for (const setting of wanted) {
    const from = read(setting.name)
    if (from === null) {
      missing.push(setting)
      continue
    }
    const to = target(setting.wish, from, read)
    if (to !== null) changes.push({ name: setting.name, from, to, reason: setting.reason })
  }
  return { changes, missing }
}

/** Null: it is as wished. */
function target(wish: Wish, own: string, read: ReadSetting): string | null {
  if (wish.kind === 'exactly') return own === wish.value ? null : wish.value
  const all = wish.all === null ? null : read(wish.all)
  const counts = Math.max(Number(own), Number(all ?? own))
  if (wish.kind === 'at-least') return counts >= wish.value ? null : String(wish.value)
  return counts === wish.value ? String(wish.instead) : null
}
