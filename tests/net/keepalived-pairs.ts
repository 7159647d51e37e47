/** Pairs of files as tutorials have them, for two hosts at 192.0.2.1 and 192.0.2.2. */

type Node = { readonly state: string; readonly priority: number; readonly id: string }

const nodes: readonly [Node, Node] = [
  { state: 'MASTER', priority: 150, id: 'lb1' },
  { state: 'BACKUP', priority: 100, id: 'lb2' },
]

export type PairFiles = readonly [one: string, other: string]

const both = (text: (node: Node) => string): PairFiles => [text(nodes[0]), text(nodes[1])]

/** Nginx on both, its pid file is what is looked at, and a weight moves the address. */
export const nginxPair = both(
  ({ state, priority, id }) => `
! Two web servers, one address
global_defs {
    router_id ${id}
    script_user root
    enable_script_security
}

vrrp_script chk_nginx {
    script "/usr/bin/test -e /run/nginx.pid"
    interval 1
    weight -60
    fall 1
    rise 1
}

vrrp_instance VI_1 {
    state ${state}
    interface eth0
    virtual_router_id 51
    priority ${priority}
    advert_int 1
    authentication {
        auth_type PASS
        auth_pass k8sT7pQz
    }
    virtual_ipaddress {
        192.0.2.100/24 dev eth0 label eth0:web
    }
    track_script {
        chk_nginx
    }
}
`,
)

/** Direct routing to two web servers, each asked whether its port is open. */
export const directPair = both(
  ({ state, priority, id }) => `
global_defs {
    router_id ${id}
}

vrrp_instance VI_LVS {
    state ${state}
    interface eth0
    virtual_router_id 60
    priority ${priority}
    advert_int 1
    virtual_ipaddress {
        192.0.2.100/24
    }
}

virtual_server 192.0.2.100 80 {
    delay_loop 1
    lb_algo wrr
    lb_kind DR
    persistence_timeout 50
    protocol TCP

    real_server 192.0.2.11 80 {
        weight 1
        TCP_CHECK {
            connect_timeout 3
            retry 1
            delay_before_retry 1
        }
    }
    real_server 192.0.2.12 80 {
        weight 2
        TCP_CHECK {
            connect_timeout 3
            retry 1
            delay_before_retry 1
        }
    }
}
`,
)

/** An outer and an inner address that move together, scripts that are told, and mails. */
export const threeTierPair = both(
  ({ state, priority, id }) => `
global_defs {
    notification_email {
        admins@example.com
    }
    notification_email_from ${id}@example.com
    smtp_server 192.0.2.25
    smtp_connect_timeout 30
    router_id ${id}
    script_user root
    enable_script_security
    vrrp_version 3
}

vrrp_sync_group TIERS {
    group {
        OUTER
        INNER
    }
    notify_master "/usr/bin/touch /run/group-master"
    notify_backup "/usr/bin/touch /run/group-backup"
    smtp_alert
}

vrrp_instance OUTER {
    state ${state}
    interface eth0
    virtual_router_id 70
    priority ${priority}
    advert_int 0.1
    virtual_ipaddress {
        192.0.2.100/24
    }
    notify_master "/usr/bin/touch /run/outer-master"
    smtp_alert
}

vrrp_instance INNER {
    state ${state}
    interface eth1
    virtual_router_id 71
    priority ${priority}
    advert_int 0.1
    virtual_ipaddress {
        198.51.100.100/24
    }
}
`,
)
