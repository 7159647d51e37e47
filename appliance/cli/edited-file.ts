import { spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { Failure } from './exit-code.ts'

const mark = '#'

/** A text that somebody edits; lines on top say something to him and are no part of it. */
export class EditedFile {
  readonly path: string

  /** The folder is closed to others, whatever an editor does inside of it. */
  constructor(name: string) {
    this.path = join(mkdtempSync(join(tmpdir(), 'diarch-')), name)
  }

  write(notes: readonly string[], text: string): void {
    const head = notes.map(note => `${mark} ${note}\n`).join('')
    writeFileSync(this.path, `${head}${text}`, { mode: 0o600 })
  }

  /** Ctrl-C is the editor's as long as it is open. */
  async edit(env: NodeJS.ProcessEnv): Promise<void> {
    const editor = env.VISUAL || env.EDITOR || installedEditor()
    const ignore = (): void => {}
    process.on('SIGINT', ignore)
    try {
      // Through a shell: "code --wait" is an editor too.
      const args = ['-c', `${editor} "$@"`, editor, this.path]
      const child = spawn('/bin/sh', args, { stdio: 'inherit' })
      const code = await new Promise<number | null>((resolve, reject) => {
        child.on('error', reject)
        child.on('exit', resolve)
      })
      if (code !== 0) throw new Failure(`the editor ${editor} ended with ${code ?? 'a signal'}`)
    } finally {
      process.off('SIGINT', ignore)
    }
  }

  read(): string {
    const lines = readFileSync(this.path, 'utf8').split('\n')
    const first = lines.findIndex(line => !line.startsWith(mark))
    return lines.slice(Math.max(0, first)).join('\n')
  }

  discard(): void {
    rmSync(dirname(this.path), { recursive: true, force: true })
  }
}

function installedEditor(): string {
  const found = ['vi', 'nano'].find(
    name => spawnSync('/bin/sh', ['-c', `command -v ${name}`]).status === 0,
  )
  if (found !== undefined) return found
  throw new Failure('there is no editor: name one, as in EDITOR=/usr/bin/nano')
}
