import type { Status } from '../../status/document.ts'
import { interviewScreen } from '../../terminal/interview-screen.ts'
import { line, printable, type ScreenLine, type ScreenSize } from '../../terminal/screen-line.ts'
import type { Instant } from '../../values/duration.ts'
import { drawSheet, toned } from '../sheet.ts'
import { type Menu, page, questionsOf } from './menu.ts'

const blank = line('')

/** Null: the terminal shows the screen of the box, or belongs to a shell. */
export function menuScreen(
  menu: Menu,
  status: Status | null,
  now: Instant,
  size: ScreenSize,
): readonly ScreenLine[] | null {
  if (menu.at === 'closed' || menu.at === 'shell') return null
  const title = printable(`Diarch   ${status?.hostname ?? ''}`)
  const { person } = menu
  const place = person === null ? 'log in ' : printable(`${person.user} (${person.role}) `)
  switch (menu.at) {
    case 'asking':
      return interviewScreen(menu.interview, questionsOf(menu, status), title, size, place)
    case 'working': {
      const body = [blank, line(` ${printable(menu.what)} ...`)]
      return drawSheet({ title, place, body, keys: 'this may take a moment' }, size)
    }
    case 'trial': {
      const left = Math.max(0, Math.ceil((menu.until - now) / 1000))
      const lines = [
        'The network is changed, and waits for your word.',
        '',
        'If this box can be reached as it should, keep it.',
      ]
      const keys = `Enter keeps it   Esc goes back at once, as it does by itself in ${left} s`
      return drawSheet({ title, place, body: [blank, ...toned(lines, 'good')], keys }, size)
    }
    case 'said': {
      const shown = menu.lines.slice(menu.top, menu.top + Math.max(page, size.rows - 5))
      const first = menu.top === 0 ? menu.tone : 'plain'
      const all = menu.lines.length
      const seen = `lines ${menu.top + 1} to ${menu.top + shown.length} of ${all}`
      const isLong = all > page
      const keys = isLong ? `Enter goes on   arrows, PgUp, PgDn: ${seen}` : 'Enter goes on'
      return drawSheet({ title, place, body: [blank, ...toned(shown, first)], keys }, size)
    }
  }
}
