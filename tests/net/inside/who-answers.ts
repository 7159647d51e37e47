import { type QuestionOptions, whoAnswersFor } from '../../../appliance/linux/arp-question.ts'
import { readInterfaces } from '../../../appliance/linux/segments.ts'
import { milliseconds } from '../../../appliance/values/duration.ts'
import { ipAddress } from '../../../appliance/values/ip-address.ts'
import { asked, tell } from './tell.ts'

/** Asks the segment who has an address, and tells the MACs that answered. */

const {
  address,
  sender = null,
  until = 'end',
} = asked<{
  readonly address: string
  readonly sender?: string | null
  readonly until?: QuestionOptions['until']
}>()
const { name, index, mac } = readInterfaces().find(one => one.name === 'eth0')!
const segment = { name, index, mac: mac! }
const from = sender === null ? null : ipAddress(sender)
const options = { sender: from, wait: milliseconds(600), until }
tell(await whoAnswersFor(ipAddress(address), segment, options, new AbortController().signal))
