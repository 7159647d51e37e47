/** What switches a silent box off before its place is taken. */

import * as z from 'zod'
import { account, certificates, hostName, password, privateKey } from './check-leaves.ts'
import { choice, command, duration, flag, integer, matching, name, user } from './leaves.ts'
import { key } from './meta.ts'
import { hostname } from './network-schema.ts'

/** Of every kind of device. */
const device = {
  box: key(hostname, 'Which of the two boxes it switches, by `node.hostname`.'),
  delay: key(
    duration('0s', '1m').prefault('0s'),
    'Waits so long before it is used. Give one box a head start: where both want the place of ' +
      'the other, only the box with the longer delay on its device survives.',
  ),
  timeout: key(
    duration('1s', '5m').prefault('30s'),
    'Within this time it has to say that the box is off.',
  ),
}

const trust = {
  verify: key(
    flag.prefault(true),
    'The certificate has to be good, and for this name. `false` lets anybody listen in.',
  ),
  ca: key(certificates.nullable().prefault(null), "Whom we trust. `null`: the system's."),
}

const login = z
  .strictObject({
    user: key(account, 'As the device knows us.'),
    password: key(password, 'Its password.'),
  })
  .meta({ id: 'fencingLogin', title: 'Fencing login' })

const redfish = z
  .strictObject({
    kind: key(z.literal('redfish'), 'A management controller, by HTTPS.'),
    server: key(hostName, 'The management controller.'),
    port: key(integer(1, 65_535).prefault(443), 'Of HTTPS.'),
    system: key(
      matching('a path such as "/redfish/v1/Systems/1"', /^\/redfish\/v1\/[!-~]{1,200}$/)
        .nullable()
        .prefault(null),
      'Where the box stands there. `null`: the controller has one system only.',
    ),
    login: key(login, 'An account that may switch power.'),
    ...trust,
    ...device,
  })
  .meta({ id: 'redfishFencing', title: 'Fencing: Redfish' })

const ipmi = z
  .strictObject({
    kind: key(z.literal('ipmi'), 'A management controller, by IPMI 2.0 over LAN (lanplus).'),
    server: key(hostName, 'The management controller.'),
    port: key(integer(1, 65_535).prefault(623), 'UDP.'),
    login: key(login, 'An account with the privilege OPERATOR.'),
    ...device,
  })
  .meta({ id: 'ipmiFencing', title: 'Fencing: IPMI' })

const proxmox = z
  .strictObject({
    kind: key(z.literal('proxmox'), 'A virtual machine of Proxmox VE.'),
    server: key(hostName, 'Any host of the cluster that stays when the box is off.'),
    port: key(integer(1, 65_535).prefault(8006), 'Of its API.'),
    node: key(matching('the name of a host', /^[\w-]{1,64}$/), 'The host that runs the machine.'),
    machine: key(integer(100, 999_999_999), 'The number of the machine.'),
    token: key(
      matching('a token such as "diarch@pve!fence"', /^[^\s!=]{1,128}![\w.-]{1,128}$/),
      'With VM.PowerMgmt and VM.Audit on the machine.',
    ),
    secret: key(matching('text without spaces', /^[!-~]{1,256}$/), 'Of the token.'),
    ...trust,
    ...device,
  })
  .meta({ id: 'proxmoxFencing', title: 'Fencing: Proxmox VE' })

const libvirt = z
  .strictObject({
    kind: key(z.literal('libvirt'), 'A machine of a host with libvirt (QEMU/KVM), by TLS.'),
    server: key(hostName, 'The host, by the name or address in its certificate.'),
    port: key(integer(1, 65_535).prefault(16_514), 'Of libvirtd or virtproxyd with TLS.'),
    machine: key(
      matching('the name of a machine', /^[^\p{Cc}/]{1,255}$/u),
      'As `virsh list --all` has it. It has to be defined there, and not to move.',
    ),
    uri: key(
      matching(
        'the URI of a hypervisor, such as "qemu:///system"',
        /^[a-z]+:\/\/\/[\w./-]{0,200}$/,
      ).prefault('qemu:///system'),
      'What the host calls its hypervisor.',
    ),
    ca: key(certificates, 'Whom we trust: who has signed the certificate of the host.'),
    certificate: key(certificates, 'Ours, signed by somebody whom the host trusts.'),
    secret: key(privateKey, 'The key of `certificate`, as PEM.'),
    ...device,
  })
  .meta({ id: 'libvirtFencing', title: 'Fencing: libvirt' })

const vmware = z
  .strictObject({
    kind: key(
      z.literal('vmware'),
      'A virtual machine of VMware, by the REST API of vCenter Server 7.0 U2 or later.',
    ),
    server: key(hostName, 'The vCenter Server, which stays when the box is off.'),
    port: key(integer(1, 65_535).prefault(443), 'Of HTTPS.'),
    machine: key(
      matching('the name of a machine', /^[^\p{Cc}]{1,80}$/u),
      'As vCenter shows it. No other one there may have this name.',
    ),
    login: key(login, 'With VirtualMachine.Interact.PowerOff and PowerOn on the machine.'),
    ...trust,
    ...device,
  })
  .meta({ id: 'vmwareFencing', title: 'Fencing: VMware' })

const oid = matching(
  'numbers with dots, such as "1.3.6.1.4.1.318.1.1.4.4.2.1.3.7"',
  /^[012](\.\d{1,10}){2,127}$/,
)

const pdu = z
  .strictObject({
    kind: key(z.literal('pdu'), 'Outlets of a switched power strip, by SNMP.'),
    server: key(hostName, 'The power strip.'),
    port: key(integer(1, 65_535).prefault(161), 'UDP.'),
    outlets: key(
      z.array(oid).min(1, { error: 'at least one outlet' }).max(8, { error: 'at most 8 outlets' }),
      'What is written to, an object identifier for each power supply of the box.',
    ),
    states: key(
      z.array(oid).max(8, { error: 'at most 8 outlets' }).nullable().prefault(null),
      'What is read instead, in the same order. `null`: the outlets themselves.',
    ),
    off: key(integer(0, 255).prefault(2), 'Written for off, and read when it is.'),
    on: key(integer(0, 255).prefault(1), 'Written for on.'),
    secret: key(
      matching('text of 1 to 255 characters', /^[^\p{Cc}]{1,255}$/u).optional(),
      'The community, of SNMPv2c. In clear on the wire.',
      { otherwise: 'SNMPv3 by `login`' },
    ),
    login: key(
      z
        .strictObject({
          user: key(account, 'As the device knows us.'),
          password: key(
            matching('a password of at least 8 characters', /^[^\0]{8,255}$/),
            'Signs (SHA-1).',
          ),
          secret: key(
            matching('a password of at least 8 characters', /^[^\0]{8,255}$/),
            'Encrypts (AES-128).',
          ),
        })
        .meta({ id: 'pduLogin', title: 'SNMPv3 login' })
        .optional(),
      'Of SNMPv3.',
      { otherwise: 'SNMPv2c by `secret`' },
    ),
    ...device,
  })
  .meta({ id: 'pduFencing', title: 'Fencing: power strip' })

const script = z
  .strictObject({
    kind: key(z.literal('script'), 'A program of your own.'),
    command: key(
      command,
      'Started with one more argument, `status`, `off` or `on`. `status` ends with 0 for on, ' +
        'with 2 for off. `off` ends with 0 when the box is off, and not before. No shell reads it.',
    ),
    user: key(
      user.nullable().prefault(null),
      'Who runs it. `null`: the account that Diarch runs as.',
    ),
    ...device,
  })
  .meta({ id: 'scriptFencing', title: 'Fencing: script' })

const kinds = [redfish, ipmi, proxmox, libvirt, vmware, pdu, script] as const

const kindText = kinds.map(({ shape }) => JSON.stringify(shape.kind.value)).join(' or ')

export const fencing = z
  .strictObject({
    policy: key(
      choice('off', 'required', 'attempt').prefault('off'),
      'When nothing is heard of the other box and this one waits for its place. `off`: silence ' +
        'is enough. `required`: only when a device has confirmed that the other box is off. ' +
        '`attempt`: the same, but no longer than `waitAtMost`.',
    ),
    action: key(
      choice('off', 'reset').prefault('off'),
      '`off`: it stays off until somebody has looked. `reset`: switched on again as soon as it ' +
        'was confirmed to be off.',
    ),
    waitAtMost: key(
      duration('1s', '1h').prefault('1m'),
      'With `attempt`: so long a router here waits. Then the place is taken all the same.',
    ),
    startWait: key(
      duration('0s', '1h').nullable().prefault(null),
      'A box that was never heard since this one has started is switched off after so long. ' +
        '`null`: not at all; its place is taken when a device says that it is off, or a person ' +
        'does. Else two boxes with a dead cable may switch each other off in turn.',
    ),
    testEvery: key(
      duration('1m', '168h').prefault('1h'),
      'So often each device is asked for the state of the power, and after each change; one that ' +
        'fails each minute.',
    ),
    devices: key(
      z
        .record(
          name,
          z.discriminatedUnion('kind', kinds, { error: kindText }).meta({ expected: 'a device' }),
        )
        .prefault({}),
      'What switches which box, by name. Of several for one box the next is tried when one fails.',
    ),
  })
  .meta({ id: 'fencing', title: 'Fencing' })

export type FencingConfig = z.output<typeof fencing>
export type FencingDevice = FencingConfig['devices'][string]
export type RedfishDevice = z.output<typeof redfish>
export type IpmiDevice = z.output<typeof ipmi>
export type ProxmoxDevice = z.output<typeof proxmox>
export type LibvirtDevice = z.output<typeof libvirt>
export type VmwareDevice = z.output<typeof vmware>
export type PduDevice = z.output<typeof pdu>
export type ScriptDevice = z.output<typeof script>
