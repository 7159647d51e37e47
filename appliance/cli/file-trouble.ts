import { Failure } from './exit-code.ts'

const words: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EISDIR: 'it is a folder, and a file was expected',
  ENOTDIR: 'a part of its path is a file, and a folder was expected',
  EACCES: 'you have no right to it',
  EPERM: 'you have no right to it',
  EEXIST: 'a file is there, and a folder was expected',
  ENOSPC: 'the disk is full',
  EROFS: 'its disk is read-only',
  ELOOP: 'its links lead in a circle',
  ENAMETOOLONG: 'the name is too long',
}

/** Which file, and why not, in words of people. */
export function fileTrouble(error: unknown, path: string, verb: 'read' | 'written'): Failure {
  const { code = '', message } = error as NodeJS.ErrnoException
  const known = code === 'ENOENT' && verb === 'written' ? 'there is no such folder' : words[code]
  return new Failure(`${path} cannot be ${verb}: ${known ?? message}`)
}
