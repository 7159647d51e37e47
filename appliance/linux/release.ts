import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** Which build this is. */
export type Release = {
  readonly version: string
  readonly commit: string
  /** When it was built; null in the source tree. */
  readonly built: Date | null
}

const imageFile = '/usr/lib/diarch/release'

const isMissing = (error: unknown): boolean => (error as NodeJS.ErrnoException).code === 'ENOENT'

const fromPackage = (packageFile: string): Release => {
  const { version } = JSON.parse(readFileSync(packageFile, 'utf8')) as { version: string }
  return { version, commit: 'development', built: null }
}

/** The release file of the image, or the package in the source tree where there is none. */
export const readRelease = (
  releaseFile = imageFile,
  packageFile = join(import.meta.dirname, '../../package.json'),
): Release => {
  let text: string
  try {
    text = readFileSync(releaseFile, 'utf8')
  } catch (error) {
    if (isMissing(error)) return fromPackage(packageFile)
    throw error
  }
  const value = (key: string): string => {
    const found = new RegExp(`^${key}=["']?([^"'\n]+)["']?$`, 'm').exec(text)?.[1]
    if (found === undefined) {
      throw new Error(`${releaseFile} has no line ${key}=VALUE: the image was built wrongly`)
    }
    return found
  }
  const built = new Date(Number(value('BUILT')) * 1000)
  if (Number.isNaN(built.getTime())) {
    throw new Error(`${releaseFile}: BUILT=${value('BUILT')} is not a number of seconds since 1970`)
  }
  return { version: value('VERSION'), commit: value('COMMIT'), built }
}
