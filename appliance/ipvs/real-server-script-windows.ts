import type { VirtualAddresses } from './real-server-script.ts'

/** Windows PowerShell 5.1 and later; direct routing only. */
export const windowsScript = ({ inet, inet6 }: VirtualAddresses): string => `<#
Makes this host a real server of an LVS director (direct). Made by "diarch realserver-script".
Run it in PowerShell as administrator: .\\diarch-realserver.ps1 start|stop|status
status ends with 0 when all is in place, else with 3.

First, once: a loopback adapter. Run hdwwiz.exe, "manually select", Network adapters, Microsoft,
"Microsoft KM-TEST Loopback Adapter"; then, with the name that it got:
  Rename-NetAdapter -Name 'Ethernet 2' -NewName 'diarch-virtual'
Windows answers ARP only on the adapter that has an address (strong host model), so nothing else
keeps it quiet.
#>
param(
  [Parameter(Mandatory)][ValidateSet('start', 'stop', 'status')][string]$Action,
  [string]$Adapter = 'diarch-virtual'
)
$ErrorActionPreference = 'Stop'
$addresses = @(
${[...inet.map(one => entry(one, 32)), ...inet6.map(one => entry(one, 128))].join(',\n')}
)
# Every adapter that packets for the virtual addresses arrive by.
$cards = Get-NetIPInterface -ConnectionState Connected |
  Where-Object { $_.InterfaceAlias -notlike 'Loopback*' }

function Get-Missing {
  $addresses | Where-Object {
    -not (Get-NetIPAddress -InterfaceAlias $Adapter -IPAddress $_.Address \`
      -ErrorAction SilentlyContinue)
  }
}

switch ($Action) {
  'start' {
    # Last in line for everything that this host begins by itself.
    Set-NetIPInterface -InterfaceAlias $Adapter -InterfaceMetric 9999 -DadTransmits 0
    Set-DnsClient -InterfaceAlias $Adapter -RegisterThisConnectionsAddress $false
    # Weak host: what arrives by one adapter may be for the address of another, and be answered.
    Set-NetIPInterface -InterfaceAlias $Adapter -WeakHostReceive Enabled -WeakHostSend Enabled
    $cards | Set-NetIPInterface -WeakHostReceive Enabled
    Get-Missing | ForEach-Object {
      New-NetIPAddress -InterfaceAlias $Adapter -IPAddress $_.Address \`
        -PrefixLength $_.Length -SkipAsSource $true | Out-Null
    }
  }
  'stop' {
    $addresses | ForEach-Object {
      Remove-NetIPAddress -InterfaceAlias $Adapter -IPAddress $_.Address \`
        -Confirm:$false -ErrorAction SilentlyContinue
    }
    Set-NetIPInterface -InterfaceAlias $Adapter -WeakHostReceive Disabled -WeakHostSend Disabled
    $cards | Set-NetIPInterface -WeakHostReceive Disabled
  }
  'status' {
    $missing = @(Get-Missing)
    $missing | ForEach-Object { "$($_.Address) is missing on $Adapter" }
    if ($missing.Count -gt 0) { exit 3 }
    'in place'
  }
}
`

const entry = (address: string, length: number): string =>
  `  @{ Address = '${address}'; Length = ${length} }`
