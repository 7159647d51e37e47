import type { Notice } from '../vrrp/router-state.ts'

export const overflowWords =
  'the kernel told more than could be heard; all interfaces were read anew'

export const restoredWords = 'virtual addresses of a master had been taken away; they were put back'

/** A notice in a sentence, for `diarch events`. */
export function noticeText(notice: Notice): string {
  switch (notice.reason) {
    case 'master-changed':
      return `the master is ${notice.to.address}, priority ${notice.to.priority}`
    case 'lower-master':
      return `${notice.address} is master too, with priority ${notice.priority}; it was told of us`
    case 'own-address':
      return `somebody else sends adverts from our address ${notice.address}`
  }
}
