import { basename } from 'node:path'
import type { KeyboardLayout } from '../config/console-schema.ts'
import { now } from '../linux/monotonic-clock.ts'
import type { FoundBox } from '../pairing/discovery.ts'
import { keyboardFrom } from '../setup/keyboard-question.ts'
import type { Status } from '../status/document.ts'
import type { HeardRouter } from '../status/heard-router.ts'
import { keysOf } from '../terminal/keys.ts'
import type { ScreenLine, ScreenSize } from '../terminal/screen-line.ts'
import { instant } from '../values/duration.ts'
import { blinkPort } from './blink-work.ts'
import {
  type Dialog,
  type DialogEffect,
  type DialogInput,
  type DialogWorld,
  isJoining,
  stepDialog,
} from './dialog.ts'
import { dialogScreen } from './dialog-screen.ts'
import { askToldBefore, joinPair, showCode } from './join-work.ts'
import { setKeyboard } from './keyboard-work.ts'
import { closed, type Menu, type MenuInput, stepMenu } from './menu/menu.ts'
import { menuScreen } from './menu/menu-screen.ts'
import { MenuWork } from './menu/work.ts'
import { confirmSetUp, setUp, takeBackSetUp } from './setup-work.ts'
import { webUrls } from './system-lines.ts'
import { isScreen, type Stty, TerminalDevice } from './terminal-device.ts'
import { otherSoftware, takeSoftware } from './versions-work.ts'

export type TerminalSite = {
  readonly runDir: string
  /** Null before the supervisor has said anything. */
  readonly status: () => Status | null
  /** The screen of the box. */
  readonly screen: (size: ScreenSize) => readonly ScreenLine[]
  /** Of the wizard: one for all terminals of a box, and not the same after each look. */
  readonly virtualRouterId: number
  /** Null: nobody has listened yet. */
  readonly heard: () => readonly HeardRouter[] | null
  /** The wizard begins: what it suggests is to be free. */
  readonly listen: () => void
  readonly found: () => readonly FoundBox[]
  /** Somebody wants to join one: it is looked for, unless that is going on. */
  readonly search: () => void
}

/** One terminal and the dialog with whoever sits at it. */
export class Terminal {
  readonly device: TerminalDevice
  readonly #site: TerminalSite
  readonly #work: MenuWork
  /** Of a box that nobody has set up. */
  #dialog: Dialog = { at: 'screen' }
  /** Of one that somebody has. */
  #menu: Menu = closed
  /** What somebody has chosen here, or the kernel's own. Null: the terminal has one. */
  #keyboard: KeyboardLayout | null
  /** The beginning of a key that sends several bytes. */
  #unread = ''

  constructor(path: string, stty: Stty, site: TerminalSite) {
    this.#site = site
    this.#keyboard = isScreen(path) ? 'us' : null
    this.device = new TerminalDevice(
      path,
      stty,
      size =>
        dialogScreen(this.#dialog, this.#world(), now(), size) ??
        menuScreen(this.#menu, site.status(), now(), size) ??
        site.screen(size),
      sent => this.#read(sent),
    )
    this.#work = new MenuWork(site.runDir, basename(path), use => this.device.lend(use))
  }

  /** Also when nothing was typed: a trial ends by itself. */
  update(): void {
    this.#hear({ input: 'time', now: now() })
    if (isJoining(this.#dialog)) this.#site.search()
    this.#hearMenu({ input: 'time', now: now() })
    this.device.update()
  }

  #read(sent: string): void {
    if (sent === '' && this.#unread === '') return
    const { keys, rest } = keysOf(this.#unread + sent, sent === '')
    this.#unread = rest
    for (const key of keys) {
      const wasScreen = this.#dialog.at === 'screen' && this.#menu.at === 'closed'
      const isMenu = this.#dialog.at === 'screen' && this.#world().isSetUp
      if (isMenu) this.#hearMenu({ input: 'key', key, now: now() })
      else this.#hear({ input: 'key', key })
      // Somebody who has just plugged in a serial cable sees nothing yet.
      const isAsking = key.key === 'redraw' || (key.key === 'enter' && wasScreen)
      if (isAsking) this.device.refresh()
    }
    if (keys.length > 0) this.device.update()
  }

  #hear(input: DialogInput): void {
    const { dialog, effects } = stepDialog(this.#dialog, input, this.#world())
    const begins = this.#dialog.at === 'screen' && dialog.at === 'interview'
    this.#dialog = dialog
    if (begins) {
      this.#site.listen()
      void this.#remember()
    }
    for (const effect of effects) {
      void this.#perform(effect).then(next => {
        this.#hear(next)
        this.device.update()
      })
    }
  }

  #hearMenu(input: MenuInput): void {
    const { menu, effects } = stepMenu(this.#menu, input, this.#site.status())
    this.#menu = menu
    for (const effect of effects) {
      void this.#work.perform(effect).then(outcome => {
        if (outcome === null) return
        this.#hearMenu(outcome)
        this.device.update()
      })
    }
  }

  async #perform(effect: DialogEffect): Promise<DialogInput> {
    const { runDir } = this.#site
    switch (effect.effect) {
      case 'set-up': {
        const taken = await setUp(runDir, effect.setup)
        if (taken.kind === 'refused') return { input: 'refused', lines: taken.lines }
        const until = instant(now() + taken.seconds * 1000)
        return { input: 'on-trial', until, summary: taken.summary }
      }
      case 'confirm': {
        const refused = await confirmSetUp(runDir)
        if (refused !== null) return { input: 'refused', lines: refused }
        const shown = effect.isFirst ? await showCode(runDir) : null
        if (shown === null) {
          return { input: 'done', lines: ['This box is set up.', this.#whereToLogIn()] }
        }
        const until = instant(now() + shown.leftMs)
        return { input: 'code', code: shown.code, until, lines: [this.#whereToLogIn()] }
      }
      case 'take-back': {
        const refused = await takeBackSetUp(runDir)
        return refused === null ? { input: 'went-back' } : { input: 'refused', lines: refused }
      }
      case 'join': {
        const joined = await joinPair(runDir, effect.join, effect.anyVersion)
        if (joined.kind === 'versions') {
          const other = await otherSoftware(runDir, effect.join, joined.lines)
          return { input: 'versions', other }
        }
        return { input: joined.kind === 'joined' ? 'done' : 'refused', lines: joined.lines }
      }
      case 'blink':
        return { input: 'noted', note: await blinkPort(runDir, effect.port) }
      case 'keyboard': {
        const note = await setKeyboard(runDir, effect.layout)
        if (note === null) this.#keyboard = effect.layout
        return { input: 'noted', note }
      }
      case 'take-software': {
        const taken = await takeSoftware(runDir)
        return { input: taken.kind === 'taken' ? 'done' : 'refused', lines: taken.lines }
      }
    }
  }

  async #remember(): Promise<void> {
    const answers = await askToldBefore(this.#site.runDir)
    if (this.#keyboard !== null) this.#keyboard = keyboardFrom(answers.keyboard) ?? this.#keyboard
    this.#hear({ input: 'told-before', answers })
    this.device.update()
  }

  #whereToLogIn(): string {
    const status = this.#site.status()
    const [url] = status === null ? [] : webUrls(status)
    return url === undefined ? 'Its page asks for the password.' : `Log in as admin on ${url}`
  }

  #world(): DialogWorld {
    const status = this.#site.status()
    return {
      facts: {
        ports: status?.ports ?? [],
        hostname: status?.hostname ?? 'diarch',
        virtualRouterId: this.#site.virtualRouterId,
        heard: this.#site.heard(),
        found: this.#site.found(),
        ...(this.#keyboard !== null && { keyboard: this.#keyboard }),
      },
      isSetUp: status?.setup.state !== 'needed',
      pair: status?.pair ?? null,
    }
  }
}
