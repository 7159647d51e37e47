import { useEffect, useState } from 'preact/hooks'
import type { ServiceTraffic } from '../../appliance/status/service-answers.ts'
import { ask, textOf } from '../api.ts'
import { linkTo } from '../route.ts'
import { Table } from '../table.tsx'

const everyMs = 2000
/** Three minutes, as long as somebody looks. */
const kept = 90

type Sample = { readonly services: readonly ServiceTraffic[] }

/** What goes through each service, since this page was opened. */
export function Traffic() {
  const [samples, setSamples] = useState<readonly Sample[]>([])
  const [why, setWhy] = useState('')

  useEffect(() => {
    let timer = 0
    let ended = false
    const look = async (): Promise<void> => {
      try {
        const sample = await ask<Sample>('GET', '/api/v1/traffic')
        setSamples(before => [...before, sample].slice(-kept))
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

  const last = samples.at(-1)?.services ?? []
  return (
    <>
      <h1>Traffic</h1>
      <p class="quiet">
        Every two seconds while this page is open; what was before is not kept on the box.
      </p>
      <p class="refused" role="alert">
        {why}
      </p>
      {samples.length > 0 && (
        <Table
          headings={['Service', 'Connections/s', 'Last minutes', 'Packets/s', 'Bytes/s']}
          rows={last.map(({ service, at, traffic }) => ({
            key: `${service} ${at}`,
            cells: [
              <>
                <a href={linkTo('services', service)}>{service}</a>
                <small>{at}</small>
              </>,
              ...(traffic === null
                ? ["not in the kernel's table", '', '', '']
                : [
                    countText(traffic.connectionsPerSecond),
                    <Line key="line" values={ratesOf(samples, service, at)} />,
                    inAndOut(traffic.packetsInPerSecond, traffic.packetsOutPerSecond),
                    inAndOut(traffic.bytesInPerSecond, traffic.bytesOutPerSecond),
                  ]),
            ],
          }))}
          none="The configuration names no services."
        />
      )}
    </>
  )
}

const ratesOf = (samples: readonly Sample[], service: string, at: string): readonly number[] =>
  samples.map(
    ({ services }) =>
      services.find(each => each.service === service && each.at === at)?.traffic
        ?.connectionsPerSecond ?? 0,
  )

const inAndOut = (into: number, out: number): string =>
  `${countText(into)} in, ${countText(out)} out`

const units = ['', ' k', ' M', ' G', ' T']

/** `950`, `1.2 k`, `34 M`. */
function countText(count: number): string {
  const step = Math.min(units.length - 1, Math.floor(Math.log10(Math.max(1, count)) / 3))
  const scaled = count / 1000 ** step
  return `${step > 0 && scaled < 10 ? scaled.toFixed(1) : Math.round(scaled)}${units[step]}`
}

const size = { width: 180, height: 32 } as const

/** From left to right, the newest last; as high as its highest value. */
function Line({ values }: { readonly values: readonly number[] }) {
  const highest = Math.max(1, ...values)
  const points = values.map((value, index) => {
    const x = size.width * (1 - (values.length - 1 - index) / (kept - 1))
    const y = 1 + (size.height - 2) * (1 - value / highest)
    return `${x.toFixed(1)},${y.toFixed(1)}`
  })
  return (
    <svg class="curve" viewBox={`0 0 ${size.width} ${size.height}`} aria-hidden="true">
      <polyline points={points.join(' ')} />
    </svg>
  )
}
