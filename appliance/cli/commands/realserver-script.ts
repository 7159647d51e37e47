import { type Command, Option } from 'commander'
import {
  type RealServerSystem,
  realServerScript,
  realServerSystems,
} from '../../ipvs/real-server-script.ts'
import { type IpAddress, isMulticast, parseIpAddress } from '../../values/ip-address.ts'
import { examples } from '../examples.ts'
import { exitCode, Failure } from '../exit-code.ts'

const more = `
A real server of direct routing (and of tunnels) has the virtual address too, and must keep quiet
about it. This prints what does that: a script with start, stop and status for linux and windows,
files for systemd-networkd and netplan, lines for rc.conf of freebsd.
`

export function addRealServerScript(diarch: Command): void {
  diarch
    .command('realserver-script')
    .description('print what makes a host a real server of direct routing or tunnels')
    .requiredOption('--vip <address...>', 'the virtual addresses, IPv4 and IPv6')
    .addOption(
      new Option('--os <system>', 'of the real server').choices(realServerSystems).default('linux'),
    )
    .addOption(
      new Option('--method <method>', 'how the director sends to it')
        .choices(['direct', 'tunnel'])
        .default('direct'),
    )
    .addHelpText('after', more)
    .addHelpText(
      'after',
      examples(
        'realserver-script --vip 192.0.2.100 > vip && sh vip start',
        'realserver-script --vip 192.0.2.100 2001:db8::100 --method tunnel',
        'realserver-script --os netplan --vip 192.0.2.100',
      ),
    )
    .action(print)
}

type Options = {
  readonly vip: readonly string[]
  readonly os: RealServerSystem
  readonly method: 'direct' | 'tunnel'
}

function print({ vip, os: system, method }: Options): void {
  const [first, ...others] = vip.map(virtualAddress)
  if (first === undefined) throw new Failure('--vip takes an address', exitCode.usage)
  const text = realServerScript({ system, virtual: [first, ...others], method })
  if (text === null) {
    throw new Failure(
      `${system} takes IP-in-IP only from peers that it knows by address: use direct routing there`,
      exitCode.usage,
    )
  }
  process.stdout.write(text)
}

function virtualAddress(text: string): IpAddress {
  const address = parseIpAddress(text)
  if (address !== null && !isMulticast(address)) return address
  throw new Failure(`--vip "${text}": ${whyNot(text, address)}`, exitCode.usage)
}

const expected = 'expected an IPv4 or IPv6 address such as 192.0.2.100 or 2001:db8::100'

function whyNot(text: string, address: IpAddress | null): string {
  if (address !== null) return `a multicast address is no virtual server: ${expected}`
  const [alone = ''] = text.split('/')
  if (text.includes('/') && parseIpAddress(alone) !== null) {
    return `without the length of the network: --vip ${alone}`
  }
  const large = /^\d+(\.\d+){3}$/.test(text) && text.split('.').find(part => Number(part) > 255)
  return `${large ? `${large} is more than 255` : 'it is no IP address'}: ${expected}`
}
