import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'

/**
 * Two terminals of this machine that are joined as by a null-modem cable, as the kernel makes them:
 * with echo and all, until somebody asks for bytes. `links` stay the same when the cable is plugged
 * in again, `devices` below /dev do not.
 */
export class SerialCable {
  readonly links: readonly [string, string]
  #end: () => Promise<unknown> = async () => undefined

  constructor(t: TestContext) {
    const folder = mkdtempSync(join(tmpdir(), 'diarch-cable-'))
    this.links = [join(folder, 'one'), join(folder, 'two')]
    t.after(async () => {
      await this.unplug()
      rmSync(folder, { recursive: true, force: true })
    })
  }

  get devices(): readonly [string, string] {
    const [one, two] = this.links.map(link => realpathSync(link).replace('/dev/', ''))
    return [one ?? '', two ?? '']
  }

  async plug(): Promise<void> {
    const ends = this.links.map(link => `pty,link=${link}`)
    const socat = spawn('socat', ['-d', '-d', ...ends], { stdio: ['ignore', 'ignore', 'pipe'] })
    const exited = once(socat, 'exit')
    this.#end = () => {
      socat.kill('SIGKILL')
      return exited
    }
    let said = ''
    for await (const part of socat.stderr.setEncoding('utf8')) {
      said += part
      if (said.includes('starting data transfer loop')) break
    }
    if (socat.exitCode !== null) throw new Error(`socat: ${said}`)
  }

  /** As a USB adapter that is pulled out, at both ends. */
  async unplug(): Promise<void> {
    await this.#end()
    for (const link of this.links) rmSync(link, { force: true })
  }
}
