/** Files whose documents keepalived can say wholly, by what they are about. */
export const exportCases: Readonly<Record<string, string>> = {
  'a small pair': `
    vrrp_instance VI_1 {
      state MASTER
      interface eth0
      virtual_router_id 51
      priority 150
      advert_int 1
      authentication {
        auth_type PASS
        auth_pass "a b#c"
      }
      virtual_ipaddress {
        192.0.2.100/24 dev eth1 label eth1:web
        192.0.2.101 scope link
      }
      virtual_ipaddress_excluded {
        2001:db8::100/64
      }
    }`,
  'timing and announcements': `
    global_defs {
      vrrp_garp_interval 0.002
      vrrp_gna_interval 0.002
      vrrp_startup_delay 5.5
      vrrp_notify_fifo /run/states
      vrrp_notify_priority_changes true
    }
    vrrp_instance A {
      interface eth0
      virtual_router_id 1
      version 3
      advert_int 0.25
      down_timer_adverts 5
      priority 255
      use_vmac
      mcast_src_ip 192.0.2.1
      mcast_dst_ip 224.0.0.99
      garp_master_refresh 30
      garp_master_repeat 2
      garp_master_delay 1
      virtual_ipaddress {
        192.0.2.9
      }
    }
    vrrp_instance B {
      interface eth0
      virtual_router_id 2
      version 3
      native_ipv6
      nopreempt
      virtual_ipaddress {
        fe80::9/64
        2001:db8::9/64
      }
    }
    vrrp_instance C {
      interface eth0
      virtual_router_id 3
      preempt_delay 7.5
      unicast_src_ip 192.0.2.1
      unicast_ttl 64
      unicast_peer {
        192.0.2.2 min_ttl 255
        192.0.2.3 min_ttl 255
      }
      virtual_ipaddress {
        192.0.2.10
      }
    }
    vrrp_instance D {
      interface eth1
      virtual_router_id 4
      preempt_delay 7.5
      virtual_ipaddress {
        192.0.2.11
      }
    }
    vrrp_sync_group G {
      group {
        C
        D
      }
      notify_master "/usr/local/bin/group 'to master'" root
    }`,
  'routes and rules': `
    vrrp_instance A {
      interface eth0
      virtual_router_id 1
      virtual_ipaddress {
        192.0.2.9/24
      }
      virtual_routes {
        default via 192.0.2.1 dev eth0 src 192.0.2.9 table 100 metric 5
        198.51.100.0/24 via 192.0.2.2
        203.0.113.0/24 dev eth1
      }
      virtual_rules {
        from 10.0.0.0/8 to 172.16.0.0/12 fwmark 3 table 100 preference 1000
      }
    }`,
  tracking: `
    global_defs {
      script_user root
    }
    vrrp_script page {
      script "/usr/bin/curl -fs http://127.0.0.1/health"
      interval 2
      timeout 1
      rise 2
      fall 3
      init_fail
    }
    vrrp_script lives {
      script "killall -0 nginx"
      user nobody
    }
    vrrp_track_process proxy {
      process haproxy
      quorum 2
      quorum_max 5
      terminate_delay 0.5
    }
    track_file wish {
      file /etc/wish
    }
    vrrp_instance A {
      interface eth0
      virtual_router_id 1
      virtual_ipaddress {
        192.0.2.9/24
      }
      track_script {
        page weight -20
        lives weight 10 reverse
      }
      track_process {
        proxy weight 0
      }
      track_file {
        wish weight 2
      }
      track_interface {
        eth1
        eth2 weight -5 reverse
      }
      notify_master /usr/local/bin/master
      notify_backup /usr/local/bin/backup
      notify_fault "/usr/local/bin/fault now" nobody
      notify_stop /usr/local/bin/stop
      notify /usr/local/bin/any
    }`,
  'the director': `
    global_defs {
      lvs_timeouts tcp 900 tcpfin 60 udp 300
      lvs_sync_daemon eth1 inst A id 7 maxlen 1400 port 8849 ttl 2 group 224.0.0.82
    }
    vrrp_instance A {
      interface eth0
      virtual_router_id 1
      virtual_ipaddress {
        192.0.2.100/24
      }
    }`,
  services: `
    global_defs {
      script_user root
    }
    virtual_server 192.0.2.100 80 {
      delay_loop 6.5
      lb_algo wrr
      lb_kind NAT
      protocol TCP
      persistence_timeout 300
      persistence_granularity 255.255.240.0
      quorum 2
      hysteresis 1
      alpha
      inhibit_on_failure
      quorum_up "/usr/local/bin/up 1"
      quorum_down "/usr/local/bin/down 1" nobody
      sorry_server 10.0.0.9 8080
      sorry_server_inhibit
      real_server 10.0.0.1 80 {
        weight 3
        uthreshold 500
        lthreshold 400
        notify_up "/usr/local/bin/server up"
        TCP_CHECK {
          connect_timeout 3
          retry 2
          delay_before_retry 2
        }
      }
      real_server 10.0.0.2 8080 {
        weight 1
        TCP_CHECK {
          connect_port 8081
          connect_timeout 4
        }
        PING_CHECK {
        }
      }
    }
    virtual_server_group many {
      192.0.2.110-112 443
      192.0.2.120 443
    }
    virtual_server group many {
      protocol TCP
      lb_algo sh
      sh-port
      lb_kind DR
      real_server 192.0.2.11 443 {
        TCP_CHECK {
        }
      }
    }
    virtual_server fwmark 7 {
      lb_algo rr
      lb_kind TUN type gue port 6080 csum
      ip_family inet6
      persistence_timeout 60
      real_server 2001:db8::11 {
        lb_kind TUN type gre
        PING_CHECK {
        }
      }
    }
    virtual_server 192.0.2.130 53 {
      protocol UDP
      ops
      lb_kind NAT
      real_server 10.0.0.3 53 {
      }
    }`,
  checkers: `
    global_defs {
      script_user root
    }
    bfd_instance far {
      neighbor_ip 10.0.0.1
      source_ip 10.0.0.100
      min_tx 300
      min_rx 200
      multiplier 3
    }
    virtual_server 192.0.2.100 80 {
      protocol TCP
      lb_kind NAT
      delay_loop 10
      real_server 10.0.0.1 80 {
        HTTP_GET {
          http_protocol 1.1
          virtualhost www.example.com
          url {
            path "/a?b=1&c=#x"
            status_code 200-299 302
            regex "Sign \\\\d \\"in\\""
          }
          url {
            path /b
            digest 9b3a0c85a887a256d6939da88aabd8cd
            regex gone
            regex_no_match
            regex_options caseless
          }
          connect_timeout 3
          nb_get_retry 3
          delay_before_retry 3
        }
        SSL_GET {
          http_protocol 1.0C
          connect_port 443
          url {
            path /
          }
        }
        SMTP_CHECK {
          helo_name mx.example.com
          host {
            connect_port 25
          }
          host {
            connect_ip 10.0.0.7
            connect_port 2525
          }
        }
        DNS_CHECK {
          type A
          name example.com
        }
        MISC_CHECK {
          misc_path "/usr/local/bin/look 10.0.0.1"
          misc_timeout 5
          misc_dynamic
          warmup 0
        }
        BFD_CHECK {
          name far
        }
      }
      real_server 10.0.0.2 80 {
        PING_CHECK {
          bindto 10.0.0.100
          bind_if eth0
          fwmark 5
          alpha
          warmup 1
        }
      }
    }`,
}
