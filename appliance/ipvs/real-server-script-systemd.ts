import type { VirtualAddresses } from './real-server-script.ts'

type Method = 'direct' | 'tunnel'

/** Files after each other, each under its path; what they do comes back with every boot. */
const files = (
  method: Method,
  made: string,
  list: readonly { readonly path: string; readonly why: string; readonly text: string }[],
): string => `# Makes this host a real server of an LVS director (${method}). ${made}
# Made by "diarch realserver-script".
${list.map(({ path, why, text }) => `\n# ---- ${path}\n# ${why}\n${text}\n`).join('')}`

const intro = (which: string, then: string): string =>
  `Put the
# parts where they say${which}, as root, then:
#   ${then}
# To undo it: remove the files and reboot.`

export function networkdFiles(addresses: VirtualAddresses, method: Method): string {
  const made = intro('', 'systemctl restart systemd-sysctl systemd-networkd')
  const networks =
    method === 'direct'
      ? [
          {
            path: '/etc/systemd/network/50-diarch-virtual.netdev',
            why: 'An interface without a cable, for the virtual addresses.',
            text: '[NetDev]\nName=diarch-virtual\nKind=dummy',
          },
          network('diarch-virtual', prefixes(addresses)),
        ]
      : tunnels(addresses).map(({ device, prefixes }) => network(device, prefixes))
  return files(method, made, [
    sysctls(addresses, method),
    ...modules(addresses, method),
    ...networks,
  ])
}

const network = (device: string, addresses: readonly string[]) => ({
  path: `/etc/systemd/network/50-${device}.network`,
  why: 'Whole hosts (/32, /128): the network behind the addresses stays on the card.',
  text: [
    '[Match]',
    `Name=${device}`,
    '',
    '[Network]',
    'LinkLocalAddressing=no',
    ...addresses.map(address => `Address=${address}`),
  ].join('\n'),
})

export function netplanFiles(addresses: VirtualAddresses, method: Method): string {
  const made = intro(
    ' (the netplan file with mode 600)',
    'systemctl restart systemd-sysctl; netplan apply',
  )
  const devices =
    method === 'direct' ? [{ device: 'lo', prefixes: prefixes(addresses) }] : tunnels(addresses)
  const lines = devices.flatMap(({ device, prefixes }) => [
    `    ${device}:`,
    '      match:',
    `        name: ${device}`,
    '      addresses:',
    ...prefixes.map(prefix => `        - "${prefix}"`),
  ])
  return files(method, made, [
    sysctls(addresses, method),
    ...modules(addresses, method),
    {
      path: '/etc/netplan/90-diarch-realserver.yaml',
      why: 'Whole hosts (/32, /128): the network behind the addresses stays on the card.',
      text: ['network:', '  version: 2', '  renderer: networkd', '  ethernets:', ...lines].join(
        '\n',
      ),
    },
  ])
}

const sysctls = ({ inet }: VirtualAddresses, method: Method) => ({
  path: '/etc/sysctl.d/90-diarch-realserver.conf',
  why: 'Nobody on the cable may learn that the addresses are here too.',
  text:
    inet.length === 0
      ? '# Nothing to set: IPv6 answers only on the interface that has the address.'
      : [
          '# Answer ARP only on the interface that has the address.',
          'net.ipv4.conf.all.arp_ignore = 1',
          '# Ask with an address of the network in question, never with the virtual one.',
          'net.ipv4.conf.all.arp_announce = 2',
          ...(method === 'direct'
            ? []
            : [
                '# Clients come out of the tunnel and are answered by the card.',
                'net.ipv4.conf.tunl0.rp_filter = 2',
              ]),
        ].join('\n'),
})

const modules = (addresses: VirtualAddresses, method: Method) =>
  method === 'direct'
    ? []
    : [
        {
          path: '/etc/modules-load.d/diarch-realserver.conf',
          why: 'Brings the devices that take packets from every director.',
          text: tunnels(addresses)
            .map(({ module }) => module)
            .join('\n'),
        },
      ]

const prefixes = ({ inet, inet6 }: VirtualAddresses): readonly string[] => [
  ...inet.map(address => `${address}/32`),
  ...inet6.map(address => `${address}/128`),
]

const tunnels = ({ inet, inet6 }: VirtualAddresses) =>
  [
    { module: 'ipip', device: 'tunl0', prefixes: prefixes({ inet, inet6: [] }) },
    { module: 'ip6_tunnel', device: 'ip6tnl0', prefixes: prefixes({ inet: [], inet6 }) },
  ].filter(({ prefixes }) => prefixes.length > 0)
