/** What Node says of a connection that did not come about, in what it calls a code. */
export type Refusal = { readonly code: string; readonly words: string }

/**
 * What TLS has against the other end, and what to do about it; null: it is something else.
 * `whom` has the server's name and port, `inClear` the key that does without TLS.
 */
export function trustTrouble(
  { code, words }: Refusal,
  whom: string,
  inClear: string,
): string | null {
  const its = `the certificate of ${whom}`
  if (unknownAuthority.has(code)) {
    const isOwn = code === 'DEPTH_ZERO_SELF_SIGNED_CERT'
    const why = isOwn ? 'it signed itself' : words.replace(adviceOfNode, '')
    return `${its} is of nobody we trust (${why}): its authority belongs in "ca"`
  }
  switch (code) {
    case 'ERR_TLS_CERT_ALTNAME_INVALID':
      return `${its} is for another name (${forWhom(words)}): "server" has to be one of its names`
    case 'CERT_HAS_EXPIRED':
      return (
        `${its} has expired: whoever runs it has to renew it, unless the clock of this box is ` +
        'wrong'
      )
    case 'CERT_NOT_YET_VALID':
      return `${its} is not valid yet: is the clock of this box wrong?`
    case 'ERR_SSL_WRONG_VERSION_NUMBER':
    case 'ERR_SSL_PACKET_LENGTH_TOO_LONG':
      return `${whom} answers in clear where TLS should be: another "port", or ${inClear}`
    default:
      return alertTrouble(words, whom)
  }
}

/** What the other end says of us, as OpenSSL words it: RFC 8446 6.2. */
function alertTrouble(words: string, whom: string): string | null {
  const said = /:[a-z\d]+ alert ([a-z ]*(?:certificate|unknown ca)[a-z ]*):/.exec(words)
  if (said === null) return null
  const keys = 'syslog has "certificate" and "secret" for it'
  return `${whom} wants a certificate of us that it trusts ("${said[1]}"): ${keys}`
}

/** Nobody here starts Node by hand. */
const adviceOfNode = /; if the root CA is installed locally.*$/

const unknownAuthority: ReadonlySet<string> = new Set([
  'CERT_UNTRUSTED',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
])

/** "Hostname/IP does not match certificate's altnames: Host: a. is not in ...: DNS:b" */
const forWhom = (words: string): string => words.replace(/^[^:]*: /, '').slice(0, 300)
