import { endpointText } from '../values/endpoint-text.ts'
import type { DestinationAt, ServiceAt } from './service.ts'

/** `tcp 192.0.2.1:80`, `udp [2001:db8::1]:53`, `mark 7 (inet6)`. */
export const serviceText = (at: ServiceAt): string =>
  at.kind === 'mark' ? `mark ${at.mark} (${at.family})` : `${at.protocol} ${destinationText(at)}`

/** `192.0.2.1:80`, `[2001:db8::1]:80` */
export const destinationText = ({ address, port }: DestinationAt): string =>
  endpointText(address, port)
