/** What somebody at a terminal pressed. */
export type Key =
  | { readonly key: 'text'; readonly text: string }
  | { readonly key: 'enter' | 'backspace' | 'escape' | 'up' | 'down' | 'erase-line' | 'redraw' }
  | { readonly key: 'page-up' | 'page-down' | 'f2' }
  /** A letter or sign beyond ASCII: no answer has one. */
  | { readonly key: 'foreign' }

const named: Readonly<Record<string, Key>> = {
  '\r': { key: 'enter' },
  '\n': { key: 'enter' },
  '\x7f': { key: 'backspace' },
  '\b': { key: 'backspace' },
  '\f': { key: 'redraw' },
  '\x15': { key: 'erase-line' },
  '\x1b': { key: 'escape' },
}

const esc = '\x1b'
/** ECMA-48 5.4, and what keyboards send in their application mode. */
const isSequence = new RegExp(`^${esc}(?:\\[\\[[A-E]|[[O][\\d;]*[ -/]*[@-~])`)
const isBegun = new RegExp(`^${esc}([[O][\\d;]*[ -/]*|\\[\\[)?$`)

/** Without the Escape and the bracket or letter behind it. */
const sequences: Readonly<Record<string, Key>> = {
  A: { key: 'up' },
  B: { key: 'down' },
  '5~': { key: 'page-up' },
  '6~': { key: 'page-down' },
  // Of xterm and vt100, of vt220, of the kernel's screen.
  Q: { key: 'f2' },
  '12~': { key: 'f2' },
  '[B': { key: 'f2' },
}

/**
 * The keys of what a line has sent, and the beginning of a sequence that has not ended yet: it goes
 * in front of what comes next. An Escape of its own begins like an arrow: with `isQuiet`, when
 * nothing has followed for a while, it is one.
 */
export function keysOf(
  sent: string,
  isQuiet: boolean,
): { readonly keys: readonly Key[]; readonly rest: string } {
  const keys: Key[] = []
  let at = 0
  while (at < sent.length) {
    const left = sent.slice(at)
    if (isBegun.test(left) && !(isQuiet && left === esc)) return { keys, rest: left }
    const sequence = isSequence.exec(left)
    if (sequence !== null) {
      const known = sequences[sequence[0].slice(2)]
      if (known !== undefined) keys.push(known)
      at += sequence[0].length
      continue
    }
    const character = left[0] ?? ''
    const key = named[character]
    if (key !== undefined) keys.push(key)
    // Everything that we ask for can be written in ASCII.
    else if (/^[\x20-\x7e]$/.test(character)) keys.push({ key: 'text', text: character })
    // RFC 3629 3: the first byte of a character; those behind it say nothing more.
    else if (/^[\xc2-\xf4]$/.test(character)) keys.push({ key: 'foreign' })
    at += 1
  }
  return { keys, rest: '' }
}
