import type { DirectorStatus, ServiceStatus } from '../../appliance/status/service-status.ts'
import type { User } from '../session.ts'
import { useStream } from '../stream.ts'
import { Service } from './service.tsx'
import { Services } from './services.tsx'

type Document = {
  readonly services: readonly ServiceStatus[]
  readonly director: DirectorStatus
}

/** Nothing is told while no service changes: whether the box is there, its figures say. */
const changes = { event: 'services', silenceMs: null } as const

/** The list of them or one: both follow the same stream, which is open only here. */
export function AllServices({
  name,
  user,
  round,
}: {
  readonly name: string | undefined
  readonly user: User
  /** Begins again when the box was away. */
  readonly round: number
}) {
  const { value } = useStream<Document>('/api/v1/services/stream', { ...changes, round })
  if (value === null) return <p class="quiet">Asking the box.</p>
  const { services } = value
  if (name === undefined) return <Services services={services} />
  return <Service service={services.find(each => each.name === name)} name={name} user={user} />
}
