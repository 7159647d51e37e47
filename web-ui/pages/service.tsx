import type { ServiceStatus } from '../../appliance/status/service-status.ts'
import { Badge } from '../badge.tsx'
import { Fact } from '../fact.tsx'
import { linkTo } from '../route.ts'
import { may, type User } from '../session.ts'
import { timeText } from '../times.ts'
import { Servers } from './servers.tsx'

type Props = {
  /** Undefined: there is none of this name, or no longer. */
  readonly service: ServiceStatus | undefined
  readonly name: string
  readonly user: User
}

export function Service({ service, name, user }: Props) {
  if (service === undefined) {
    return (
      <>
        <h1>There is no service “{name}”</h1>
        <p>
          <a href={linkTo('services')}>All services</a>
        </p>
      </>
    )
  }
  const { state, since, at, scheduler, serving, weight, quorum, servers } = service
  return (
    <>
      <p>
        <a href={linkTo('services')}>Services</a>
      </p>
      <h1>
        {name} <Badge state={state} />
      </h1>
      <p>
        {service.why} <span class="quiet">since {timeText(since)}</span>
      </p>
      <p>
        <a href={linkTo('configuration', 'cluster', 'services', name)}>Its configuration</a>
      </p>
      <dl class="facts">
        <Fact term="At" text={at.join(', ')} />
        <Fact term="Scheduler" text={scheduler} />
        <Fact term="New connections go to" text={serving} />
        <Fact term="Weight of the servers up" text={`${weight}, quorum ${quorum}`} />
      </dl>
      <Servers key={name} service={name} servers={servers} acts={may(user, 'operator')} />
    </>
  )
}
