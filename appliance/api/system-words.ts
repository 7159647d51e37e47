/** For those that ask, who need no schema for it: `diarch` starts sooner without. */

export const powerActions = ['restart', 'off'] as const

/** What a capture has: all frames, or those of one kind. */
export const captureKinds = ['all', 'vrrp', 'arp'] as const
