import { open, readFile, rename, stat } from 'node:fs/promises'
import { join } from 'node:path'

/** Then it becomes the older file, and the one that was is dropped. */
const longestFile = 1024 * 1024

/** Lines that are kept on the disk, the newest 1 MB of them at least. */
export class AuditFile {
  readonly #path: string
  readonly #older: string

  constructor(folder: string, name: string) {
    this.#path = join(folder, `${name}.jsonl`)
    this.#older = join(folder, `${name}.1.jsonl`)
  }

  /** Oldest first. */
  async lines(): Promise<readonly string[]> {
    const texts = await Promise.all([this.#older, this.#path].map(textOf))
    return texts.flatMap(text => text.split('\n').filter(line => line !== ''))
  }

  /** Resolves when it is on the disk. */
  async add(line: string): Promise<void> {
    const size = await stat(this.#path).then(
      found => found.size,
      () => 0,
    )
    if (size + line.length > longestFile) await rename(this.#path, this.#older)
    const file = await open(this.#path, 'a+', 0o600)
    try {
      await file.appendFile(`${await missingEnd(file)}${line}\n`)
      await file.datasync()
    } finally {
      await file.close()
    }
  }
}

/** A power cut may have left a line without its end. */
async function missingEnd(file: Awaited<ReturnType<typeof open>>): Promise<string> {
  const { size } = await file.stat()
  if (size === 0) return ''
  const { buffer } = await file.read(Buffer.alloc(1), 0, 1, size - 1)
  return buffer.toString() === '\n' ? '' : '\n'
}

const textOf = (path: string): Promise<string> => readFile(path, 'utf8').catch(() => '')
