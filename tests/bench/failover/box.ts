import type { Host } from '../../lab/namespaces/host.ts'

export type Product = 'diarch' | 'keepalived'

/** What both products are told. Left out: what they do by default. */
export type Settings = {
  readonly version?: 2 | 3
  readonly intervalMs?: number
  readonly virtualAddresses: readonly string[]
  /** A second interface that joins the boxes; keepalived has no use for it. */
  readonly secondPath?: string
  /** Beside what the others say: Diarch's document, and keepalived's lines. */
  readonly more?: {
    readonly router?: object
    readonly cluster?: object
    readonly node?: object
    readonly keepalived?: { readonly before?: string; readonly inInstance?: string }
  }
}

/** One router of a pair, whatever product runs on it. It has one virtual router per address. */
export interface Box {
  readonly host: Host
  /** Returns when nothing of the start is left to do. */
  start(): Promise<void>
  /** Waits until all virtual routers are in that state. */
  until(state: 'MASTER' | 'BACKUP'): Promise<void>
  /** What is told to stop; the others end with it. */
  topProcess(): number
  /** What speaks VRRP. */
  vrrpProcess(): number
  /** Everything that ends when the power does. */
  allProcesses(): readonly number[]
  /** Asks it to stop if it still runs, and waits until nothing of it does. */
  stop(): Promise<void>
  /** Marks this moment for `since`. */
  mark(): Mark
  since(mark: Mark): Promise<Recorded>
}

export type Mark = { readonly at: number; readonly said: number }

export type Recorded = {
  /** Of the states of virtual routers. */
  readonly changes: number
  /** What an operator would find in logs and events. */
  readonly lines: number
}

/** 1, 2, ... of the first, second, ... address. */
export const routerName = (index: number): string => `VI_${index + 1}`
export const routerId = (index: number): number => index + 1

export const linesIn = (text: string): number => text.split('\n').length - 1
