import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import type { Firmware } from './machine.ts'
import { OptionError } from './option-error.ts'
import { readCommand } from './pair/commands.ts'

export type StartWish = {
  /** Null: the one that is built for it. */
  readonly image: string | null
  /** The stored box, whatever it was made from. */
  readonly keep: boolean
  readonly fresh: boolean
  readonly firmware: Firmware
  readonly memoryMiB: number
  readonly port: number
  /** The options as they were typed. */
  readonly given: readonly string[]
}

/** Of the one box that `--single` is about. */
export type SingleWish =
  | { readonly kind: 'start'; readonly start: StartWish }
  | { readonly kind: 'screenshot'; readonly file: string }
  | { readonly kind: 'console' | 'stop' | 'pull-plug' }

export type PairWish = {
  /** Without image and QEMU. */
  readonly light: boolean
  /** Null: the one that is built for it. */
  readonly image: string | null
  /** The first of three that follow each other. */
  readonly port: number
}

/** What a person asks of `./build.sh demo`. */
export type Wish =
  | { readonly kind: 'help' }
  | { readonly kind: 'pair'; readonly pair: PairWish }
  /** For the pair that runs. */
  | { readonly kind: 'command'; readonly words: readonly string[] }
  | { readonly kind: 'single'; readonly single: SingleWish }

export { OptionError } from './option-error.ts'

const leastMemory = 64
const most = { memory: 65_536, port: 65_535 }

/** What has to follow the options that take a value. */
const values = {
  image: 'the path of a raw disk image',
  firmware: 'bios or uefi',
  memory: `a whole number of MiB from ${leastMemory} to ${most.memory}`,
  port: `a whole number from 1 to ${most.port}`,
  screenshot: 'the path of the PNG file to write',
}
const flags = ['single', 'light', 'keep', 'fresh', 'console', 'pull-plug', 'stop', 'help'] as const
const actions = ['console', 'screenshot', 'pull-plug', 'stop'] as const
/** What a pair takes; all else is for one box. */
const ofPair: readonly string[] = ['light', 'image', 'port']

type WithValue = keyof typeof values
type Flag = (typeof flags)[number]
type Given = ReadonlyMap<WithValue | Flag, string>

/** Paths are relative to the folder where the command was typed. */
export const readWish = (args: readonly string[], folder: string = process.cwd()): Wish => {
  const [word] = args
  if (word !== undefined && !word.startsWith('-')) {
    return { kind: 'command', words: readCommand(args, folder) }
  }
  const given = readOptions(args)
  if (given.has('help')) return { kind: 'help' }
  if (given.has('single')) {
    if (given.has('light')) throw new OptionError('--light does not go with --single')
    given.delete('single')
    return { kind: 'single', single: singleWish(given, folder) }
  }
  const other = [...given.keys()].find(name => !ofPair.includes(name))
  if (other !== undefined) throw new OptionError(`--${other} is for one box: it needs --single`)
  const image = given.get('image')
  const light = given.has('light')
  if (light && image !== undefined) {
    throw new OptionError('--image does not go with --light: that runs from the source tree')
  }
  const port = wholeNumber('port', given.get('port') ?? '8443', 1)
  if (port > most.port - 2) throw new OptionError(`--port ${port} has no two others after it`)
  const path = image === undefined ? null : resolve(folder, image)
  return { kind: 'pair', pair: { light, image: path, port } }
}

const singleWish = (given: Given, folder: string): SingleWish => {
  const [action, another] = actions.filter(name => given.has(name))
  if (action === undefined) return { kind: 'start', start: startWish(given, folder) }
  if (another !== undefined) throw new OptionError(`--${action} does not go with --${another}`)
  const beside = [...given.keys()].find(name => name !== action)
  if (beside !== undefined) {
    throw new OptionError(
      `--${beside} does not go with --${action}: it is for a box that is to be started`,
    )
  }
  if (action !== 'screenshot') return { kind: action }
  return { kind: action, file: resolve(folder, given.get(action) ?? '') }
}

const startWish = (given: Given, folder: string): StartWish => {
  const image = given.get('image')
  const keep = given.has('keep')
  const other = (['image', 'fresh'] as const).find(name => given.has(name))
  if (keep && other !== undefined) {
    throw new OptionError(`--keep does not go with --${other}: it starts the stored box as it is`)
  }
  return {
    image: image === undefined ? null : resolve(folder, image),
    keep,
    fresh: given.has('fresh'),
    firmware: firmware(given.get('firmware') ?? 'bios'),
    memoryMiB: wholeNumber('memory', given.get('memory') ?? '512', leastMemory),
    port: wholeNumber('port', given.get('port') ?? '8443', 1),
    given: [...given].map(([name, value]) => (value ? `--${name} ${value}` : `--${name}`)),
  }
}

const readOptions = (args: readonly string[]): Map<WithValue | Flag, string> => {
  const options = Object.fromEntries([
    ...Object.keys(values).map(name => [name, { type: 'string' as const }]),
    ...flags.map(name => [name, { type: 'boolean' as const }]),
    ['help', { type: 'boolean' as const, short: 'h' }],
  ])
  const { tokens } = parseArgs({
    args: [...args],
    options,
    strict: false, // its own words are about JavaScript
    allowPositionals: true,
    tokens: true,
  })
  const given = new Map<WithValue | Flag, string>()
  for (const token of tokens) {
    if (token.kind !== 'option') {
      const word = token.kind === 'positional' ? token.value : '--'
      throw new OptionError(`there is no option "${word}"`)
    }
    const { name, value } = token
    if (takesValue(name)) {
      // What follows is the next option: the value was forgotten.
      if (!value || (!token.inlineValue && value.startsWith('-'))) {
        throw new OptionError(`--${name} needs a value: ${values[name]}`)
      }
      given.set(name, value)
    } else if (isFlag(name)) {
      if (value !== undefined) throw new OptionError(`--${name} takes no value`)
      given.set(name, '')
    } else throw new OptionError(`there is no option "${token.rawName}"`)
  }
  return given
}

const takesValue = (name: string): name is WithValue => Object.hasOwn(values, name)
const isFlag = (name: string): name is Flag => flags.some(flag => flag === name)

const firmware = (value: string): Firmware => {
  if (value === 'bios' || value === 'uefi') return value
  throw new OptionError(`--firmware is "${value}"; it has to be ${values.firmware}`)
}

const wholeNumber = (name: 'memory' | 'port', value: string, least: number): number => {
  const number = Number(value)
  if (/^\d+$/.test(value) && number >= least && number <= most[name]) return number
  throw new OptionError(`--${name} is "${value}"; it has to be ${values[name]}`)
}
