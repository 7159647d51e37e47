/**
 * The ustar format of POSIX.1-2024 `pax`: for each file a header of 512 bytes, its content, zeros
 * up to the next 512; two blocks of zeros at the end.
 *
 *   0 name[100]  100 mode[8]  108 uid[8]  116 gid[8]  124 size[12]  136 mtime[12]  148 checksum[8]
 *   156 type[1]  157 linkname[100]  257 "ustar\0"  263 "00"  265 user[32]  297 group[32] ...
 */

export type TarFile = { readonly name: string; readonly content: Uint8Array }

const block = 512
const longestName = 100

/** Throws for a name that does not fit: all names are ours. */
export function tarOf(files: readonly TarFile[], at: Date): Buffer {
  const parts = files.flatMap(({ name, content }) => {
    const rest = (block - (content.length % block)) % block
    return [headerOf(name, content.length, at), content, Buffer.alloc(rest)]
  })
  return Buffer.concat([...parts, Buffer.alloc(2 * block)])
}

function headerOf(name: string, size: number, at: Date): Buffer {
  const header = Buffer.alloc(block)
  if (Buffer.byteLength(name) > longestName) throw new Error(`${name}: too long for a tar file`)
  const octal = (value: number, length: number): string =>
    `${value.toString(8).padStart(length - 1, '0')}\0`
  header.write(name, 0)
  header.write(octal(0o600, 8), 100)
  header.write(octal(0, 8), 108)
  header.write(octal(0, 8), 116)
  header.write(octal(size, 12), 124)
  header.write(octal(Math.floor(at.getTime() / 1000), 12), 136)
  // The checksum is that of the header with blanks in its own place.
  header.write(' '.repeat(8), 148)
  header.write('0', 156)
  header.write('ustar\0', 257)
  header.write('00', 263)
  const sum = header.reduce((total, byte) => total + byte, 0)
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148)
  return header
}
