import type { Command } from 'commander'
import type { CheckOptions } from '../check-work.ts'
import { examples } from '../examples.ts'

export function addCheck(diarch: Command): void {
  diarch
    .command('check')
    .description('say what is wrong with a configuration document or a keepalived.conf')
    .argument(
      '<files...>',
      'begins with "{": a document; else a keepalived.conf; "-": standard input',
    )
    .option('--id <name>', 'for lines with @name, as keepalived -i (default: the host name)')
    .option('--strict', 'refuse what is not supported')
    .option('--json', 'the findings as a list of objects')
    .addHelpText('after', '\nExit code 0: it is good. 4: some lines are not supported. 5: refused.')
    .addHelpText('after', examples('check pair.json', 'check /etc/keepalived/keepalived.conf'))
    .action(async (paths: readonly string[], options: CheckOptions) =>
      (await import('../check-work.ts')).look(paths, options),
    )
}
