import type { VirtualAddresses } from './real-server-script.ts'

/** Direct routing only. */
export const freebsdFragments = ({ inet, inet6 }: VirtualAddresses): string => {
  const aliases = [
    ...inet.map(address => `inet ${address} netmask 255.255.255.255`),
    ...inet6.map(address => `inet6 ${address} prefixlen 128`),
  ]
  const lines = aliases.map((alias, index) => `ifconfig_lo0_alias${index}="${alias}"`)
  const now = aliases.map(alias => `#   ifconfig lo0 ${alias} alias`)
  const away = [
    ...inet.map(address => `#   ifconfig lo0 inet ${address} -alias`),
    ...inet6.map(address => `#   ifconfig lo0 inet6 ${address} -alias`),
  ]
  return `# Makes this host a real server of an LVS director (direct).
# Made by "diarch realserver-script". FreeBSD answers ARP and neighbour discovery only on the
# interface that has the address, so lo0 keeps quiet about it.

# ---- /etc/rc.conf: with every boot. Are there lo0 aliases already? Then go on with their numbers.
${lines.join('\n')}

# ---- /etc/sysctl.conf: only where a strong host model was switched on.
# net.inet.ip.rfc1122_strong_es=0

# At once:
${now.join('\n')}
# And back:
${away.join('\n')}
# How it stands:
#   ifconfig lo0
`
}
