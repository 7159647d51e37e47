/** A hardware address as `02:00:5e:10:00:01`, lower case. */
export type MacAddress = string & { readonly is: 'mac-address' }

export function parseMacAddress(text: string): MacAddress | null {
  return /^([\da-f]{2}:){5}[\da-f]{2}$/i.test(text) ? (text.toLowerCase() as MacAddress) : null
}

export function macAddressFrom(bytes: Uint8Array): MacAddress {
  if (bytes.length !== 6) throw new TypeError(`a MAC address has 6 bytes, not ${bytes.length}`)
  return Array.from(bytes, byte => byte.toString(16).padStart(2, '0')).join(':') as MacAddress
}

export const macBytes = (address: MacAddress): Uint8Array =>
  Uint8Array.from(address.split(':'), part => Number.parseInt(part, 16))
