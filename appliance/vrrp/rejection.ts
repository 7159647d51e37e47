/**
 * The ladder: every check that a packet has to pass, in the order in which they are made. The first
 * that fails names the reason, and that token is what the log, the counters and the API show.
 * parseIpv4Packet makes those that begin with `ip-`, decodeAdvert the others.
 */
export const ladder = {
  'ip-header': 'the IPv4 header is cut off, or is none',
  'ip-length': 'the IPv4 header announces another length than was received',
  'ip-fragment': 'a fragment: no advert is that long',
  'ip-protocol': 'another protocol than 112 (51 is IPsec AH, of RFC 2338)',

  'too-short': 'fewer bytes than the fixed fields: RFC 9568 7.1',
  ttl: 'TTL or hop limit is not 255, or below what a unicast router asks for: RFC 9568 7.1',
  version: 'another version than the router speaks: RFC 9568 7.1',
  type: 'no advertisement, the only type that there is: RFC 9568 5.2.2',
  vrid: 'of another virtual router: RFC 9568 7.1',
  'unexpected-multicast': 'sent to a group, and the router speaks unicast',
  'unexpected-unicast': 'sent to one address, and the router speaks multicast: RFC 9568 7.2',
  'other-group': 'sent to another group than that of the router',
  'own-source': 'from our own address: looped back, or somebody else has it too',
  'source-not-link-local': 'from an IPv6 address that is not link-local: RFC 9568 7.2',
  'source-not-a-peer': 'from an address that is not among the unicast peers',
  'no-addresses': 'it advertises no address at all: RFC 9568 5.2.5',
  truncated: 'fewer bytes than its number of addresses needs: RFC 9568 7.1',
  'too-long': 'more bytes than its number of addresses needs',
  checksum: 'the checksum is wrong: RFC 9568 5.2.8',
  'auth-type-unknown': 'an authentication type that was never defined: RFC 3768 5.3.6',
  'auth-type-mismatch': 'another authentication type than ours: RFC 3768 5.3.6',
  'wrong-password': 'another password than ours: RFC 2338 10.5.2',
  'hmac-missing': 'not signed, and the router takes signed adverts only',
  'hmac-malformed': 'a trailer of an unknown kind',
  'hmac-stale': 'signed at a time too far from ours',
  'hmac-unknown-key': 'signed with a key that we do not have',
  'hmac-wrong': 'the signature is wrong: another secret, or somebody changed the advert',
  'hmac-replayed': 'signed, but not later than what this sender has signed before',
  'interval-mismatch': 'v2: another interval than ours: RFC 3768 7.1',
  'interval-zero': 'v3: an interval of zero: RFC 9568 erratum 8301',
  'interval-implausible': 'v3: an interval too far from ours to be learned',
} as const

export type RejectionReason = keyof typeof ladder

export type Rejected = {
  readonly kind: 'rejected'
  readonly reason: RejectionReason
  /** What was found and what was expected, for one line in the log. */
  readonly detail: string
}

export const rejected = (reason: RejectionReason, detail: string): Rejected => ({
  kind: 'rejected',
  reason,
  detail,
})
