import { type Duration, seconds } from '../../../appliance/values/duration.ts'
import { patience, type Serial } from './serial.ts'

export type CommandResult = { readonly code: number; readonly output: string }

/** Runs commands in the shell that `addRootShell` has put on a serial line. */
export class RootShell {
  readonly #serial: Serial
  #commands = 0

  private constructor(serial: Serial) {
    this.#serial = serial
  }

  /** Waits until the shell is there. */
  static async open(serial: Serial, within: Duration = patience): Promise<RootShell> {
    await serial.until(/# $/, within)
    const shell = new RootShell(serial)
    await shell.run("stty -echo; PS1=''")
    return shell
  }

  async run(command: string, within: Duration = seconds(60)): Promise<CommandResult> {
    // In two parts, so that an echo of the command is not taken for its result.
    const mark = `done-${++this.#commands}`
    this.#serial.type(`${command}\necho "done""-${this.#commands}:$?:"\n`)
    const found = await this.#serial.until(new RegExp(`([^]*?)${mark}:(\\d+):\\n`), within)
    return { code: Number(found[2]), output: found[1] ?? '' }
  }

  async must(command: string, within?: Duration): Promise<string> {
    const { code, output } = await this.run(command, within)
    if (code !== 0) throw new Error(`in the box: ${command} ended with ${code}: ${output}`)
    return output
  }
}
