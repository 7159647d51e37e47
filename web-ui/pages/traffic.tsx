import type {
  Series,
  ServiceTrafficHistory,
  TrafficHistoryOfAll,
} from '../../appliance/status/traffic-history.ts'
import { useAsked } from '../asked.ts'
import { linkTo } from '../route.ts'
import { Table } from '../table.tsx'
import { Curves, type Line } from './curves.tsx'
import { countText } from './rate-text.ts'

/** The box itself looks so often. */
const everyMs = 10_000
const mostShown = 100

/** The last hour, as the box has kept it: of all services, or of one and its servers. */
export const Traffic = ({ name }: { readonly name: string | undefined }) =>
  name === undefined ? <OfAll /> : <OfOne name={name} />

function OfAll() {
  const [history, why] = useAsked<TrafficHistoryOfAll>('/api/v1/traffic/history', everyMs)
  const services = (history?.services ?? []).toSorted((a, b) => (b.bytes ?? 0) - (a.bytes ?? 0))
  return (
    <>
      <h1>Traffic</h1>
      <Why why={why} />
      {history !== null && (
        <>
          <ThreeCurves lines={[{ name: 'All services', series: history.total }]} times={history} />
          <h2>Services</h2>
          <Table
            headings={['Service', 'Connections/s', 'Packets/s', 'Bytes/s']}
            rows={services
              .slice(0, mostShown)
              .map(({ service, at, connections, packets, bytes }) => ({
                key: `${service} ${at}`,
                cells: [
                  <>
                    <a href={linkTo('traffic', service)}>{service}</a>
                    <small>{at}</small>
                  </>,
                  ...[connections, packets, bytes].map(rate =>
                    rate === null ? 'not known yet' : countText(rate),
                  ),
                ],
              }))}
            none="The configuration names no services."
          />
          {services.length > mostShown && (
            <p class="quiet">
              The {mostShown} with the most traffic of {services.length}; each service has its own
              page.
            </p>
          )}
        </>
      )}
    </>
  )
}

function OfOne({ name }: { readonly name: string }) {
  const path = `/api/v1/services/${encodeURIComponent(name)}/traffic/history`
  const [history, why] = useAsked<ServiceTrafficHistory>(path, everyMs)
  return (
    <>
      <h1>
        Traffic of {name}{' '}
        <small>
          <a href={linkTo('traffic')}>All services</a>
        </small>
      </h1>
      <Why why={why} />
      {history?.places.map(({ at, series, servers }) => (
        <section key={at} aria-label={at}>
          <h2>{at}</h2>
          {series === null ? (
            <p class="quiet">It is not in the kernel's table, or has not been looked at yet.</p>
          ) : (
            <ThreeCurves lines={[{ name, series }]} times={history} />
          )}
          <h3>Its servers</h3>
          <ThreeCurves
            lines={servers.flatMap(server =>
              server.series === null ? [] : [{ name: server.name, series: server.series }],
            )}
            times={{ ...history, everySeconds: history.serversEverySeconds }}
          />
        </section>
      ))}
    </>
  )
}

const Why = ({ why }: { readonly why: string }) => (
  <p class="refused" role="alert">
    {why}
  </p>
)

type Times = { readonly everySeconds: number; readonly endsAt: string }
type Named = { readonly name: string; readonly series: Series }

function ThreeCurves({
  lines,
  times,
}: {
  readonly lines: readonly Named[]
  readonly times: Times
}) {
  if (lines.length === 0) return <p class="quiet">There is nothing to draw yet.</p>
  const of = (key: keyof Series): Line[] =>
    lines.map(({ name, series }) => ({ name, values: series[key] }))
  return (
    <div class="curves">
      <Curves title="Connections/s" lines={of('connections')} {...times} />
      <Curves title="Packets/s" lines={of('packets')} {...times} />
      <Curves title="Bytes/s" lines={of('bytes')} {...times} />
    </div>
  )
}
