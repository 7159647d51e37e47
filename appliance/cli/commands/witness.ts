import { type Command, InvalidArgumentError } from 'commander'
import { parseIpAddress } from '../../values/ip-address.ts'
import { examples } from '../examples.ts'

export function addWitness(diarch: Command): void {
  diarch
    .command('witness')
    .description('be the third one: let one box of each pair lead when the two are cut off')
    .option('--listen <address:port>', 'UDP', endpoint, { address: '0.0.0.0', port: 9695 })
    .requiredOption(
      '--pair <name=file>',
      'a pair, and the file with its secret; once for each pair',
      pair,
    )
    .addHelpText('after', help)
    .addHelpText('after', examples('witness --pair shop=/etc/diarch/shop.secret'))
    .action(async (options: WitnessOptions) =>
      (await import('../witness-work.ts')).witness(options),
    )
}

export type WitnessOptions = {
  readonly listen: { readonly address: string; readonly port: number }
  readonly pair: readonly WitnessPair[]
}

export type WitnessPair = { readonly name: string; readonly file: string }

const help = `
The secret is 32 to 64 bytes, as text or in hexadecimal after "hex:", the same as in
"cluster.guard.leases" of both boxes. It needs no rights and keeps nothing: after its start it
gives no lease for 5 seconds, for it does not know who had one. It runs until SIGTERM.`

function endpoint(text: string): WitnessOptions['listen'] {
  const [, inBrackets, bare, port = ''] = /^(?:\[(.+)\]|([^:]*)):(\d{1,5})$/.exec(text) ?? []
  const address = parseIpAddress(inBrackets ?? bare ?? '')
  if (address !== null && Number(port) > 0 && Number(port) <= 65_535) {
    return { address, port: Number(port) }
  }
  throw new InvalidArgumentError('Expected an address and a port: 192.0.2.9:9695, [::]:9695.')
}

function pair(text: string, before: readonly WitnessPair[] = []): readonly WitnessPair[] {
  const [, name = '', file = ''] = /^([\w.-]{1,64})=(.+)$/.exec(text) ?? []
  if (name === '') throw new InvalidArgumentError('Expected a name, "=" and a file.')
  if (before.some(each => each.name === name)) {
    throw new InvalidArgumentError(`There is a pair ${name} already.`)
  }
  return [...before, { name, file }]
}
