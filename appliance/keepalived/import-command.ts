import type { Json, Site } from './import-site.ts'
import type { Entry } from './tree.ts'

/** What only a shell understands. */
const shellSigns = /[|&;<>$`*?()\\~]/

/** `script`, `notify_up`...: a program with its arguments; no shell reads it here. */
export function command(
  { notes, readScript }: Site,
  entry: Entry,
  text: string,
  path: string,
): readonly string[] | null {
  const words = split(text)
  const [program, ...others] = words
  if (program === undefined) {
    notes.unsupported(entry, `${entry.keyword} needs a program`)
    return null
  }
  const ending = [text, readScript(program) ?? ''].findIndex(endsKeepalived)
  if (ending >= 0) {
    const where = ending === 0 ? 'it' : program
    const why =
      `${where} ends keepalived, which is not here, so that it changes nothing: let it fail ` +
      'instead (exit 1), and let a router track it'
    notes.translated(entry, why, path)
  }
  // It has its shell already.
  if (words.length === 3 && program === '/bin/sh' && words[1] === '-c') return words
  if (shellSigns.test(text)) {
    const why = 'no shell reads commands here: it is started by /bin/sh -c'
    notes.translated(entry, why, path)
    return ['/bin/sh', '-c', text]
  }
  if (program.startsWith('/')) return [program, ...others]
  notes.translated(entry, `"${program}" has no folder: /usr/bin/env looks for it`, path)
  return ['/usr/bin/env', program, ...others]
}

/** The classic way of a check script to give the addresses away: `killall keepalived`. */
const endsKeepalived = (text: string): boolean =>
  /\b(kill|killall|pkill)\s+(?!-0\b)[^|;&\n]*\bkeepalived\b/.test(text) ||
  /\b(stop|restart)\s+keepalived\b|\bkeepalived(\.service)?\s+(stop|restart)\b/.test(text)

/** At spaces that are not in quotes; a backslash takes the next sign for itself, also in quotes. */
const split = (text: string): readonly string[] =>
  [...text.matchAll(/(?:\\.|[^\s"'\\]|"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')+/gs)].map(([word]) =>
    word.replace(/\\(.)|["']/gs, '$1'),
  )

const stateWord = /^(master|backup|fault|stop|up|down)$/i

/** `notify_master "/x a" [USER [GROUP]]`: what follows the first word is no argument. */
export function hook(site: Site, entry: Entry, path: string): Json | null {
  const [text = '', user, group] = entry.words
  const { notes, globals } = site
  const asArgument = user !== undefined && (stateWord.test(user) || user.startsWith('-'))
  const found = command(site, entry, asArgument ? entry.words.join(' ') : text, path)
  if (found === null) return null
  if (asArgument) {
    const why =
      `keepalived takes "${user}" for the user that runs it; here it is an argument: ` +
      'with keepalived write program and arguments in one pair of quotes'
    notes.translated(entry, why, path)
    return { command: found, ...userOf(globals.scriptUser) }
  }
  if (group !== undefined) {
    notes.translated(entry, `the group ${group} is left out: it runs with those of ${user}`, path)
  }
  return { command: found, ...userOf(user ?? globals.scriptUser) }
}

export const userOf = (user: string | null): Json => (user === null ? {} : { user })
