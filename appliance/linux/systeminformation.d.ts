/** Only this part of the package is loaded: see docs/adr/0025-system-health.md. */
declare module 'systeminformation/lib/memory.js' {
  export function mem(): Promise<{
    readonly total: number
    readonly used: number
    readonly available: number
    readonly buffcache: number
    readonly swaptotal: number
    readonly swapused: number
  }>
}
