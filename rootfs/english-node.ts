/**
 * `node rootfs/english-node.ts FROM TO`: Node without the languages, character sets and
 * dictionaries that no box asks for. A third of Node's bytes is data of ICU; what stays of it is a
 * little more than Node's own `--with-intl=small-icu` leaves: English, and everything that is of no
 * language (docs/adr/0036-english-node.md).
 *
 * ICU's data lies in the program as one package:
 *
 *   u16 size of the header, da 27, ... "CmnD" ...   the header
 *   u32 count, count * (u32 name, u32 item)         where each lies, from the header's end on
 *   names, a NUL behind each                        sorted
 *   items                                           in the same order
 *
 * Lines of that table go, and their items become zeros, which a squashfs does not store. Nothing
 * moves, so nothing else in the program has to know.
 */

import { readFileSync, writeFileSync } from 'node:fs'

const [from, to] = process.argv.slice(2)
if (!from || !to) {
  console.error('usage: node rootfs/english-node.ts FROM TO')
  process.exit(2)
}

const unwanted: readonly RegExp[] = [
  // A language other than English. ("root.res", "res_index.res" and their like are of no language.)
  /^(\w+\/)?(?!en[_.]|res_index)[a-z]{2,3}(_\w*)?\.res$/,
  // Character sets. UTF-8, UTF-16, Latin 1 and ASCII are code, not data.
  /\.cnv$/,
  // Where a word of Thai, Chinese and their like ends.
  /^brkitr\/\w+\.dict$/,
  // From one script into another.
  /^translit\//,
]

type Item = { readonly name: string; readonly line: Buffer; readonly start: number }

const program = readFileSync(from)
const table = endOfHeader(program)
const items = itemsOf(program, table)
const wanted = items.filter(({ name }) => !unwanted.some(pattern => pattern.test(name)))
for (const [at, item] of items.entries()) {
  // How long the last item is stands nowhere: it stays, without a line.
  const end = items[at + 1]?.start ?? item.start
  if (!wanted.includes(item)) program.fill(0, item.start, end)
}
program.fill(0, table, table + 4 + 8 * items.length)
program.writeUInt32LE(wanted.length, table)
for (const [at, { line }] of wanted.entries()) line.copy(program, table + 4 + 8 * at)
writeFileSync(to, program, { mode: 0o755 })
console.log(`  ${items.length - wanted.length} of ${items.length} parts of ICU's data left out`)

function endOfHeader(bytes: Buffer): number {
  const found: number[] = []
  for (let at = bytes.indexOf('CmnD', 12); at >= 0; at = bytes.indexOf('CmnD', at + 1)) {
    const header = at - 12
    if (bytes.readUInt16BE(header + 2) === 0xda27) found.push(header + bytes.readUInt16LE(header))
  }
  if (found.length !== 1 || found[0] === undefined) {
    throw new Error(`${from} holds ${found.length} packages of ICU's data, not one`)
  }
  return found[0]
}

function itemsOf(bytes: Buffer, table: number): Item[] {
  return Array.from({ length: bytes.readUInt32LE(table) }, (_, at) => {
    const line = Buffer.from(bytes.subarray(table + 4 + 8 * at, table + 12 + 8 * at))
    const nameAt = table + line.readUInt32LE(0)
    const name = bytes.toString('latin1', nameAt, bytes.indexOf(0, nameAt))
    // "icudt78l/zone/en.res"
    return { name: name.replace(/^\w+\//, ''), line, start: table + line.readUInt32LE(4) }
  })
}
