/**
 * What stands in the document where a secret is. It is of a length that neither a password of VRRP
 * nor a key has.
 */
export const notShown = '(not shown)'
