import { closeSync, fchmodSync, openSync, writeFileSync } from 'node:fs'
import { type Command, Option } from 'commander'
import { askExport } from '../../ask-configuration.ts'
import { examples } from '../../examples.ts'
import { exitCode } from '../../exit-code.ts'
import { fileTrouble } from '../../file-trouble.ts'
import { runFolder, runOption } from '../../folders.ts'

const formats = ['json', 'keepalived', 'ipvsadm'] as const

const more = `
What a format cannot say goes to standard error, and the exit code is 4.`

export function addExport(config: Command): void {
  config
    .command('export')
    .description('the configuration as a file: to keep, to move, or to leave')
    .addOption(
      new Option('--format <format>', 'json: our document, with "diarch config import" back in')
        .choices(formats)
        .default('json'),
    )
    .option('--output <file>', 'instead of standard output')
    .option('--secrets', 'with passwords and keys; the file is for its owner alone')
    .option(...runOption)
    .addHelpText('after', more)
    .addHelpText(
      'after',
      examples(
        'config export --output pair.json --secrets',
        'config export --format keepalived > keepalived.conf',
        'config export --format ipvsadm | ipvsadm --restore',
      ),
    )
    .action(write)
}

type Options = {
  readonly run?: string
  readonly format: (typeof formats)[number]
  readonly output?: string
  readonly secrets?: true
}

async function write(options: Options): Promise<void> {
  const { run, format, output } = options
  const secrets = options.secrets === true
  const { text, findings } = await askExport(runFolder(run, process.env), { format, secrets })
  if (output === undefined) process.stdout.write(text)
  else save(output, text, secrets)
  for (const { path, text: what } of findings) console.error(`${path}: ${what}`)
  if (findings.length > 0) process.exitCode = exitCode.findings
}

/** A file that is there already may be open to all: it is closed before the secrets are in it. */
function save(path: string, text: string, secret: boolean): void {
  try {
    const file = openSync(path, 'w', secret ? 0o600 : 0o644)
    try {
      if (secret) fchmodSync(file, 0o600)
      writeFileSync(file, text)
    } finally {
      closeSync(file)
    }
  } catch (error) {
    throw fileTrouble(error, path, 'written')
  }
}
