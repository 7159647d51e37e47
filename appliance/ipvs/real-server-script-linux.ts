import type { VirtualAddresses } from './real-server-script.ts'

/** POSIX sh with ip(8); tested with shellcheck, and by starting and stopping it twice. */
export function linuxScript(
  { inet, inet6 }: VirtualAddresses,
  method: 'direct' | 'tunnel',
): string {
  const tunnel = method === 'tunnel'
  const [device, device6] = tunnel ? ['tunl0', 'ip6tnl0'] : ['lo', 'lo']
  const addresses = [
    ...inet.map(address => each(`${address}/32 ${device}`)),
    ...inet6.map(address => each(`${address}/128 ${device6}`)),
  ]
  const devices = [
    ...(inet.length > 0 ? [each('ipip tunl0')] : []),
    ...(inet6.length > 0 ? [each('ip6_tunnel ip6tnl0')] : []),
  ]
  const settings = inet.length > 0 ? [...quiet, ...(tunnel ? decapsulated : [])] : [':']
  return [
    head(method),
    list('each_address', 'Address, device.', addresses),
    list('each_setting', 'Setting, value.', settings),
    ...(tunnel ? [list('each_device', 'Module, device.', devices)] : []),
    body(tunnel),
  ].join('\n')
}

/** Lists are functions of the script: they call what they are given for each of their lines. */
const each = (what: string): string => `"$1" ${what}`

const list = (name: string, columns: string, lines: readonly string[]): string =>
  `# ${columns}\n${name}() {\n${lines.map(line => `  ${line}\n`).join('')}}\n`

const quiet = [
  '# Answer ARP only on the interface that has the address: lo has no cable.',
  each('net/ipv4/conf/all/arp_ignore 1'),
  '# Ask with an address of the network in question, never with the virtual one.',
  each('net/ipv4/conf/all/arp_announce 2'),
]

const decapsulated = [
  '# Clients come out of the tunnel and are answered by the card: 2 is strict for neither.',
  each('net/ipv4/conf/tunl0/rp_filter 2'),
]

const head = (method: string): string => `#!/bin/sh
# Makes this host a real server of an LVS director (${method}): it takes the virtual addresses and
# keeps quiet about them. Made by "diarch realserver-script"; run it as root:
#   start    may be repeated       stop    everything as it was before
#   status   0: all in place, 3: not, or not all of it
# Start it at every boot, before the services that listen on the addresses.
set -eu
umask 077

# What was changed, and how it was before. Gone with the next boot, as the changes are.
state=\${DIARCH_REALSERVER_STATE:-/run/diarch-realserver}
`

const body = (tunnel: boolean): string => `has_address() { # address/length device
  [ -n "$(ip address show dev "$2" to "$1" 2>/dev/null)" ]
}

add_address() {
  has_address "$1" "$2" && return
  ip address add "$1" dev "$2"
  echo "$1 $2" >>"$state/addresses"
}

check_address() {
  has_address "$1" "$2" && return
  echo "$1 is missing on $2"
  missing=1
}

set_value() { # setting value
  was=$(cat "/proc/sys/$1")
  [ "$was" = "$2" ] && return
  grep -q "^$1 " "$state/settings" 2>/dev/null || echo "$1 $was $2" >>"$state/settings"
  echo "$2" >"/proc/sys/$1"
}

check_value() {
  [ "$(cat "/proc/sys/$1" 2>/dev/null)" = "$2" ] && return
  echo "$1 is not $2"
  missing=1
}
${tunnel ? deviceFunctions : ''}
start() {
  mkdir -p "$state"
  # The address last: no question may meet it before all is quiet.
${tunnel ? '  each_device add_device\n' : ''}  each_setting set_value
  each_address add_address
}

stop() {
  if [ -f "$state/addresses" ]; then
    while read -r address device; do
      ip address delete "$address" dev "$device" 2>/dev/null || true
    done <"$state/addresses"
  fi
  if [ -f "$state/settings" ]; then
    while read -r setting was ours; do
      # Somebody else's value since then stays.
      if [ "$(cat "/proc/sys/$setting" 2>/dev/null)" = "$ours" ]; then
        echo "$was" >"/proc/sys/$setting"
      fi
    done <"$state/settings"
  fi
${tunnel ? stopDevices : ''}  rm -rf "$state"
}

status() {
  missing=0
  each_address check_address
  each_setting check_value
${tunnel ? '  each_device check_device\n' : ''}  if [ "$missing" = 0 ]; then
    echo "in place"
  else
    exit 3
  fi
}

case \${1:-} in
  start) start ;;
  stop) stop ;;
  status) status ;;
  *)
    echo "usage: $0 start|stop|status" >&2
    exit 2
    ;;
esac
`

const deviceFunctions = `
is_up() { # device
  [ -n "$(ip link show dev "$1" up 2>/dev/null)" ]
}

add_device() { # module device
  # The module brings the device that takes packets from every director.
  [ -e "/sys/class/net/$2" ] || modprobe "$1"
  is_up "$2" && return
  ip link set "$2" up
  echo "$2" >>"$state/devices"
}

check_device() {
  is_up "$2" && return
  echo "$2 is not up"
  missing=1
}
`

const stopDevices = `  if [ -f "$state/devices" ]; then
    while read -r device; do
      ip link set "$device" down 2>/dev/null || true
    done <"$state/devices"
  fi
`
