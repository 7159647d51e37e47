import { resolve } from 'node:path'
import { OptionError } from '../option-error.ts'
import { actions } from './actions.ts'

/** Those that are about one box or server, and those about all of it. */
const numbered = [...Object.keys(actions), 'screen', 'screenshot']
const others = ['client', 'status', 'stop']

/** A command for the demo that runs in another terminal, as it was typed. */
export const readCommand = (words: readonly string[], folder: string): readonly string[] => {
  const [name = '', number, file, ...rest] = words
  if (others.includes(name)) {
    if (number !== undefined) throw new OptionError(`${name} takes nothing more, not "${number}"`)
    return [name]
  }
  if (!numbered.includes(name)) {
    const known = [...numbered, ...others].join(', ')
    throw new OptionError(`there is no command "${name}"; there are ${known}`)
  }
  const what = name.endsWith('-server') ? 'server' : 'box'
  if (number !== '1' && number !== '2') {
    throw new OptionError(`${name} needs the number of a ${what}: 1 or 2`)
  }
  const isPicture = name === 'screenshot'
  if (isPicture && file === undefined) {
    throw new OptionError('screenshot needs the path of the PNG file to write')
  }
  const more = isPicture ? rest[0] : file
  if (more !== undefined) throw new OptionError(`${name} ${number} takes nothing more: "${more}"`)
  return isPicture ? [name, number, resolve(folder, file ?? '')] : [name, number]
}
