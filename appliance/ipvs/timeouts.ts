/** Whole seconds without a packet after which the kernel forgets a connection; 0: not set. */
export type IpvsTimeouts = {
  readonly tcp: number
  readonly tcpFin: number
  readonly udp: number
}
