import { existsSync } from 'node:fs'
import { inet6Settings } from '../network/inet6.ts'
import type { InterfaceWish } from '../network/wish.ts'
import { changeSetting, type InterfaceSetting } from './interface-setting.ts'

/** What IPv6 does on the box's own interfaces. What nobody wants any more becomes as it was. */
export class OwnInet6 {
  readonly #before = new Map<string, InterfaceSetting & { readonly value: string }>()

  /** Returns what could not be set. */
  keep(wishes: readonly InterfaceWish[], present: ReadonlySet<string>): readonly string[] {
    if (!existsSync('/proc/sys/net/ipv6')) return []
    const refused: string[] = []
    const wanted = new Set<string>()
    for (const wish of wishes.filter(({ name }) => present.has(name))) {
      for (const { setting, value } of inet6Settings(wish)) {
        const place = { interface: wish.name, family: 'ipv6', setting } as const
        wanted.add(keyOf(place))
        const before = attempt(place, value, refused)
        if (before !== null && before !== value && !this.#before.has(keyOf(place))) {
          this.#before.set(keyOf(place), { ...place, value: before })
        }
      }
    }
    for (const [key, { value, ...place }] of this.#before) {
      if (wanted.has(key)) continue
      this.#before.delete(key)
      if (present.has(place.interface)) attempt(place, value, refused)
    }
    return refused
  }
}

const keyOf = ({ interface: name, setting }: InterfaceSetting): string => `${name} ${setting}`

function attempt(place: InterfaceSetting, value: string, refused: string[]): string | null {
  try {
    return changeSetting(place, value)
  } catch (error) {
    refused.push(error instanceof Error ? error.message : String(error))
    return null
  }
}
