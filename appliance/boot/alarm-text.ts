import type { Alarm } from '../status/document.ts'

/** An alarm before the supervisor knows since when it stands. */
export type AlarmText = Pick<Alarm, 'reason' | 'message'>
