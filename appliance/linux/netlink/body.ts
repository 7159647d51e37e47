import { type IpAddress, ipAddressFrom } from '../../values/ip-address.ts'

/** The body of a netlink message where it was received: bytes from here to there. */
export type Body = {
  readonly bytes: Uint8Array
  readonly view: DataView
  readonly from: number
  readonly to: number
}

export const bytesOf = ({ bytes, from, to }: Body): Uint8Array => bytes.subarray(from, to)

/** union nf_inet_addr; the short way for IPv4, of which there may be ten thousand. */
export const readAddress = (bytes: Uint8Array, at: number, length: 4 | 16): IpAddress =>
  length === 16
    ? ipAddressFrom(bytes.subarray(at, at + 16))
    : (`${bytes[at]}.${bytes[at + 1]}.${bytes[at + 2]}.${bytes[at + 3]}` as IpAddress)
