import type { AlarmText } from '../../boot/alarm-text.ts'
import type { About } from '../../pairing/frames.ts'
import type { ToPair } from '../../pairing/pair-messages.ts'
import type { HandoverReceipt } from '../../status/pair-status.ts'
import type { Configuration } from '../configuration/configuration.ts'
import type { PeerImageSite } from './image.ts'
import type { PeerTalkSite } from './peer-talk.ts'

/** What the pair needs of this box. */
export type PairSite = {
  readonly stateDir: string
  readonly appliance: boolean
  readonly usesFile: boolean
  /** False: the process does not run yet. */
  readonly send: (message: ToPair) => boolean
  readonly configuration: () => Configuration
  readonly about: () => Omit<About, 'port'>
  readonly ports: () => readonly string[]
  readonly note: (event: string, text: string) => void
  readonly alarm: (alarms: readonly AlarmText[]) => void
  readonly onChange: () => void
  readonly isSynchronised: () => boolean
  readonly knownOf: PeerTalkSite['knownOf']
  readonly image: Pick<PeerImageSite, 'runDir' | 'changesUser' | 'software'>
  /** The last one that was asked for. */
  readonly handover: () => HandoverReceipt | null
}
