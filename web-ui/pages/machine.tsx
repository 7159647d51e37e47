import { useEffect, useState } from 'preact/hooks'
import type { PortStatus } from '../../appliance/status/document.ts'
import type { MachineHealth, PortCounters } from '../../appliance/status/machine-health.ts'
import { ask, textOf } from '../api.ts'
import { Badge } from '../badge.tsx'
import { Fact } from '../fact.tsx'
import { Table } from '../table.tsx'
import { countText } from './rate-text.ts'

const everyMs = 5000

/** What the machine is made of and how it is, while somebody looks. */
export function Machine({ ports }: { readonly ports: readonly PortStatus[] }) {
  const [health, setHealth] = useState<MachineHealth | null>(null)
  const [why, setWhy] = useState('')
  useEffect(() => {
    let timer = 0
    let ended = false
    const look = async (): Promise<void> => {
      try {
        const seen = await ask<MachineHealth>('GET', '/api/v1/health')
        if (!ended) setHealth(seen)
        setWhy('')
      } catch (error) {
        setWhy(textOf(error))
      }
      if (!ended) timer = window.setTimeout(() => void look(), everyMs)
    }
    void look()
    return () => {
      ended = true
      clearTimeout(timer)
    }
  }, [])
  return (
    <section aria-label="Machine">
      <h2>Machine</h2>
      {health !== null && <Facts health={health} />}
      <h2>Ports</h2>
      <Ports ports={ports} counters={health?.ports ?? []} />
      <p class="refused" role="alert">
        {why}
      </p>
    </section>
  )
}

function Facts({ health }: { readonly health: MachineHealth }) {
  const { cpu, memory, machine, temperatures, disks, volumes, kernel } = health
  const used = memory.totalMiB - memory.availableMiB
  const swap = memory.swapTotalMiB === 0 ? '' : `, swap ${memory.swapUsedMiB} MiB used`
  return (
    <dl class="panel facts">
      <Fact term="Machine" text={machineText(machine)} />
      <Fact term="Processor" text={`${cpu.model}, ${cpu.cores} cores`} />
      <Fact
        term="Busy"
        text={`${cpu.busyPercent} % now, load ${cpu.load.map(each => each.toFixed(2)).join(', ')}`}
      />
      <Fact term="Memory" text={`${used} of ${memory.totalMiB} MiB in use${swap}`} />
      {volumes.map(({ path, sizeMiB, freeMiB }) => (
        <Fact key={path} term={path} text={`${freeMiB} of ${sizeMiB} MiB free`} />
      ))}
      {disks.map(({ name, model, sizeMiB }) => (
        <Fact
          key={name}
          term={`Disk ${name}`}
          text={`${model} ${Math.round(sizeMiB / 1024)} GiB`}
        />
      ))}
      <Fact
        term="Temperatures"
        text={
          temperatures.length === 0
            ? 'no sensor says one'
            : temperatures.map(({ name, celsius }) => `${name} ${celsius} °C`).join(', ')
        }
      />
      <Fact term="Kernel" text={kernel} />
    </dl>
  )
}

const machineText = ({ vendor, product, firmware, isVirtual }: MachineHealth['machine']): string =>
  [
    [vendor, product].filter(word => word !== null).join(' ') || 'its firmware does not say',
    ...(isVirtual ? ['a virtual machine'] : []),
    ...(firmware === null ? [] : [`firmware ${firmware}`]),
  ].join(', ')

/** Off the image the status names none, and the counters are of the host's own. */
function Ports({
  ports,
  counters,
}: {
  readonly ports: readonly PortStatus[]
  readonly counters: readonly PortCounters[]
}) {
  const names = ports.length > 0 ? ports.map(({ name }) => name) : counters.map(({ name }) => name)
  return (
    <Table
      headings={['Port', 'Link', 'Speed', 'Addresses', 'Received', 'Sent', 'Errors', 'Driver']}
      rows={names.map(name => {
        const port = ports.find(each => each.name === name)
        const counted = counters.find(each => each.name === name)
        const errors = (counted?.receiveErrors ?? 0) + (counted?.sendErrors ?? 0)
        return {
          key: name,
          cells: [
            name,
            port === undefined ? '' : <Badge state={port.link} />,
            speedText(port, counted),
            port?.addresses.join(', ') ?? '',
            counted === undefined ? '' : bytesText(counted.receivedBytes),
            counted === undefined ? '' : bytesText(counted.sentBytes),
            counted === undefined ? '' : `${errors}, ${counted.dropped} dropped`,
            port === undefined ? 'of the host' : `${port.driver}, ${port.mac}`,
          ],
        }
      })}
      none="There are none."
    />
  )
}

const bytesText = (bytes: number): string => (bytes < 1000 ? `${bytes} B` : `${countText(bytes)}B`)

function speedText(port: PortStatus | undefined, counted: PortCounters | undefined): string {
  const speed = port?.speedMbps
  if (speed === null || speed === undefined) return ''
  const duplex = counted?.duplex ?? null
  return duplex === null ? `${speed} Mbit/s` : `${speed} Mbit/s, ${duplex} duplex`
}
