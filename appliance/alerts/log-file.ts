import {
  closeSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  openSync,
  renameSync,
  writeSync,
} from 'node:fs'
import { getSystemErrorMessage } from 'node:util'

/**
 * Adds a line, as a whole or not at all: the disk may be full. A file that would
 * be longer than `mostBytes` becomes FILE.1, in place of the one before, and a new one begins.
 * Throws in words for people.
 */
export function appendLine(path: string, line: string, mostBytes: number): void {
  try {
    append(path, Buffer.from(`${line}\n`), mostBytes)
  } catch (error) {
    throw new Error(whyNot(path, error as NodeJS.ErrnoException))
  }
}

function append(path: string, bytes: Uint8Array, mostBytes: number): void {
  const file = openSync(path, 'a', 0o600)
  try {
    const { size } = fstatSync(file)
    if (size === 0 || size + bytes.length <= mostBytes) {
      write(file, bytes, size)
      return
    }
  } finally {
    closeSync(file)
  }
  renameSync(path, `${path}.1`)
  append(path, bytes, mostBytes)
}

function write(file: number, bytes: Uint8Array, size: number): void {
  try {
    // A disk that is nearly full takes a part.
    for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at)
    fsyncSync(file)
  } catch (error) {
    ftruncateSync(file, size)
    throw error
  }
}

function whyNot(path: string, { code = '', errno, message }: NodeJS.ErrnoException): string {
  const said = errno === undefined ? message : (getSystemErrorMessage(errno) ?? message)
  return `${path} cannot be written: ${said} (${code}). ${advice[code] ?? 'Look at the disk.'}`
}

const room = '"diarch status" says how full it is; remove files there.'
const disk = 'Replace the disk, or flash the box again.'

const advice: Readonly<Record<string, string>> = {
  ENOSPC: room,
  EDQUOT: room,
  EROFS: disk,
  EIO: disk,
}
