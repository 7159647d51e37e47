/** What may stand behind `npm run NAME --`: each option with a line of help, and nothing else. */

import { parseArgs } from 'node:util'

export type Option<T> = {
  /** What follows it, as the help calls it; null: nothing. */
  readonly word: string | null
  readonly help: string
  /** Where it is left out. */
  readonly usual: T
  /** What was typed; throws Misuse where that is none. */
  readonly read: (text: string) => T
}

/** The mistake, as it is told behind the name of the option. */
export class Misuse extends Error {}

export type Options = Readonly<Record<string, Option<unknown>>>

export type Values<O extends Options> = {
  readonly [Name in keyof O]: O[Name] extends Option<infer T> ? T : never
}

export const flag = (help: string): Option<boolean> => ({
  word: null,
  help,
  usual: false,
  read: () => true,
})

export const text = (word: string, help: string): Option<string | null> => ({
  word,
  help,
  usual: null,
  read: typed => typed,
})

export const json = text('FILE', 'the figures also as JSON')

export const number = (least: number, usual: number, help: string): Option<number> => ({
  word: 'N',
  help: `${help} (${usual})`,
  usual,
  read: typed => wholeNumber(least, typed),
})

/** One that nobody has to name. */
export const numberOrNone = (least: number, help: string): Option<number | null> => ({
  word: 'N',
  help,
  usual: null,
  read: typed => wholeNumber(least, typed),
})

/** Of a time: it may be a part of the unit. */
export const length = (usual: number, help: string): Option<number> => ({
  word: 'N',
  help: `${help} (${usual})`,
  usual,
  read: typed => {
    if (Number(typed) > 0 && Number.isFinite(Number(typed))) return Number(typed)
    throw new Misuse('it has to be a number above 0')
  },
})

export const some = (names: readonly string[], help: string): Option<readonly string[]> => ({
  word: 'NAME,...',
  help: `${help}: ${names.join(', ')}`,
  usual: names,
  read: typed => {
    const wanted = typed.split(',')
    const unknown = wanted.find(name => !names.includes(name))
    if (unknown === undefined) return wanted
    throw new Misuse(`there is no "${unknown}"; there are ${names.join(', ')}`)
  },
})

function wholeNumber(least: number, typed: string): number {
  const value = Number(typed)
  if (/^\d+$/.test(typed) && Number.isSafeInteger(value) && value >= least) return value
  throw new Misuse(`it has to be a whole number from ${least} on`)
}

export type Script<O extends Options> = {
  /** As package.json has it: `bench:ui`. */
  readonly name: string
  /** Sentences for somebody who has not run it yet. */
  readonly about: string
  readonly options: O
}

export type Read<O extends Options> =
  | { readonly kind: 'values'; readonly values: Values<O> }
  | { readonly kind: 'help'; readonly text: string }
  | { readonly kind: 'misused'; readonly why: string }

/** Ends the process for `--help`, and with 2 for what it does not know. */
export function commandLine<O extends Options>(script: Script<O>): Values<O> {
  const read = readCommandLine(process.argv.slice(2), script)
  if (read.kind === 'values') return read.values
  if (read.kind === 'help') {
    process.stdout.write(read.text)
    process.exit(0)
  }
  const run = `npm run ${script.name}`
  process.stderr.write(`${run}: ${read.why}\nAll options: ${run} -- --help\n`)
  process.exit(2)
}

export function readCommandLine<O extends Options>(
  args: readonly string[],
  script: Script<O>,
): Read<O> {
  const { options } = script
  const { tokens } = parseArgs({
    args: [...args],
    options: {
      ...Object.fromEntries(
        Object.entries(options).map(([name, { word }]) => [
          name,
          { type: word === null ? ('boolean' as const) : ('string' as const) },
        ]),
      ),
      help: { type: 'boolean', short: 'h' },
    },
    strict: false, // its own words are about JavaScript
    allowPositionals: true,
    tokens: true,
  })
  const values: Record<string, unknown> = Object.fromEntries(
    Object.entries(options).map(([name, { usual }]) => [name, usual]),
  )
  for (const token of tokens) {
    if (token.kind === 'option' && token.name === 'help') return help(script)
  }
  for (const token of tokens) {
    if (token.kind !== 'option') {
      const word = token.kind === 'positional' ? token.value : '--'
      return misused(`"${word}" is no option`)
    }
    const { name, rawName, value, inlineValue } = token
    const option = Object.hasOwn(options, name) ? options[name] : undefined
    if (option === undefined) return misused(`there is no option "${rawName}"`)
    if (option.word === null) {
      if (value !== undefined) return misused(`${rawName} takes no value`)
      // What follows is the next option: the value was forgotten.
    } else if (!value || (!inlineValue && value.startsWith('-'))) {
      return misused(`${rawName} needs a value: ${option.word}`)
    }
    try {
      values[name] = option.read(value ?? '')
    } catch (error) {
      if (!(error instanceof Misuse)) throw error
      return misused(`${rawName} ${value}: ${error.message}`)
    }
  }
  return { kind: 'values', values: values as Values<O> }
}

const misused = (why: string) => ({ kind: 'misused', why }) as const

function help({ name, about, options }: Script<Options>) {
  const rows = Object.entries(options).map(([option, { word, help }]) => {
    return [word === null ? `--${option}` : `--${option} ${word}`, help] as const
  })
  const all = [...rows, ['-h, --help', 'this text'] as const]
  const width = Math.max(...all.map(([left]) => left.length)) + 2
  const lines = all.map(([left, right]) => `  ${left.padEnd(width)}${right}`)
  const text = `Usage: npm run ${name} -- [OPTIONS]\n\n${about}\n\n${lines.join('\n')}\n`
  return { kind: 'help', text } as const
}
