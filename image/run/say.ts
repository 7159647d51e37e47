import { relative } from 'node:path'

/** As short as it can be typed from where the user is. */
export const shown = (path: string): string => {
  const short = relative('.', path)
  return short.startsWith('../..') ? path : short
}

export const say = (text: string): void => void process.stdout.write(`${text}\n`)
