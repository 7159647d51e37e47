import type { Status } from '../../appliance/status/document.ts'
import { Badge } from '../badge.tsx'
import { linkTo } from '../route.ts'
import { may, type User } from '../session.ts'
import { Table } from '../table.tsx'
import { timeText } from '../times.ts'
import { TryButton, useTries, WhyAndTried } from './tries.tsx'

type ChannelStatus = Status['alerts'][number]

/** The ways in which people are told, whether they work, and a test of each. */
export function AlertChannels({
  channels,
  user,
  isAtForms = false,
}: {
  readonly channels: readonly ChannelStatus[]
  readonly user: User
  /** Among the forms of its settings, where there may be edits that are not in force yet. */
  readonly isAtForms?: boolean
}) {
  const tries = useTries()
  const acts = may(user, 'operator')
  const headings = ['Channel', 'State', 'Waiting', 'Why']
  return (
    <section aria-label="Alerts">
      <h2>{isAtForms ? 'Try the channels' : 'Alerts'}</h2>
      <p class="quiet">
        A test goes at once, over a channel as it is in force
        {isAtForms ? '; what is not applied yet is not tried' : ': '}
        {!isAtForms && <a href={settings}>settings of alerts</a>}.
      </p>
      <Table
        headings={acts ? [...headings, ''] : headings}
        rows={channels.map(channel => {
          const { name, kind, why } = channel
          const tried = tries.of(name)
          return {
            key: name,
            cells: [
              <Name key="name" name={name} kind={kind} />,
              <State key="state" channel={channel} />,
              <Waiting key="waiting" channel={channel} />,
              <WhyAndTried key="why" why={why} tried={tried} advice={advice[kind]} />,
              ...(acts
                ? [
                    <TryButton
                      key="try"
                      tried={tried}
                      name={name}
                      label="Send a test"
                      attempt={() =>
                        tries.attempt(
                          name,
                          `/api/v1/alerts/${encodeURIComponent(name)}/test`,
                          () => 'the test was taken. See whether it has arrived.',
                        )
                      }
                    />,
                  ]
                : []),
            ],
          }
        })}
        none="Nobody is told of anything: no channel is in force."
      />
    </section>
  )
}

const settings = linkTo('configuration', 'cluster', 'alerts')

const advice: Readonly<Record<ChannelStatus['kind'], string>> = {
  mail: 'Look at server, port, security and login in its settings, then send another.',
  webhook: 'Look at the URL in its settings, and at what its receiver expects; then send another.',
  syslog: 'Look at server, port and transport in its settings, then send another.',
  file: 'What the disk says stands above; "diarch status" says how full it is.',
  script: 'Look at command, user and timeout in its settings: exit code 0 means that it was taken.',
  fifo: 'A program has to read from the path in its settings; start it, then send another.',
}

const Name = ({ name, kind }: { readonly name: string; readonly kind: string }) => (
  <>
    {name}
    <small>{kind}</small>
  </>
)

type Of = { readonly channel: ChannelStatus }

const State = ({ channel: { state, since } }: Of) => (
  <>
    <Badge state={state} />
    <small>since {timeText(since)}</small>
  </>
)

const Waiting = ({ channel: { waiting, lost } }: Of) => (
  <>
    {waiting}
    {lost > 0 && <small>{lost} let go</small>}
  </>
)
