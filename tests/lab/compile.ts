import { execFile } from 'node:child_process'
import { mkdir, rename, stat } from 'node:fs/promises'
import { basename, join, resolve } from 'node:path'
import { promisify } from 'node:util'

const build = resolve(import.meta.dirname, '../../build/lab')

const changed = (path: string): Promise<number> =>
  stat(path).then(
    s => s.mtimeMs,
    () => 0,
  )

const compileNow = async (source: string, flags: readonly string[]): Promise<string> => {
  const result = join(build, basename(source, '.c'))
  if ((await changed(result)) > (await changed(source))) return result
  await mkdir(build, { recursive: true })
  // Renamed into place, because two test files may compile it at the same moment.
  const unfinished = `${result}.${process.pid}`
  try {
    await promisify(execFile)('cc', ['-O2', '-Wall', '-Werror', ...flags, '-o', unfinished, source])
  } catch (cause) {
    throw new Error(`cannot compile ${source}; the lab needs cc (Debian: gcc and libc6-dev)`, {
      cause,
    })
  }
  await rename(unfinished, result)
  return result
}

const compiled = new Map<string, Promise<string>>()

/** The path of one of the labs' C sources, compiled into build/lab/ when that is missing or old. */
export const compile = (source: string, flags: readonly string[] = []): Promise<string> => {
  const result = compiled.get(source) ?? compileNow(source, flags)
  compiled.set(source, result)
  return result
}
