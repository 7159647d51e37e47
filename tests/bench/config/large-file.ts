/** A keepalived.conf with so many virtual servers, each with its page to look at on its servers. */
export function largeFile(services: number, servers: number): string {
  const lines = [
    ...['vrrp_instance VI_1 {', '  state BACKUP', '  interface eth0', '  virtual_router_id 51'],
    ...['  priority 100', '  virtual_ipaddress {', '    192.0.2.10/24', '  }', '}'],
  ]
  for (let n = 0; n < services; n++) {
    lines.push(
      ...[`virtual_server 192.0.2.10 ${1000 + n} {`, '  delay_loop 6'],
      ...['  lb_algo wrr', '  lb_kind NAT', '  protocol TCP'],
    )
    for (let m = 0; m < servers; m++) lines.push(...realServer(n, m))
    lines.push('}')
  }
  return `${lines.join('\n')}\n`
}

const realServer = (service: number, server: number): readonly string[] => [
  ...[`  real_server 10.${service >> 8}.${service & 255}.${server + 1} 80 {`, '    weight 1'],
  ...['    HTTP_GET {', '      url {', `        path /health/${service}`],
  ...['        status_code 200', '      }', '      connect_timeout 3', '      retry 3'],
  ...['      delay_before_retry 3', '    }', '  }'],
]
