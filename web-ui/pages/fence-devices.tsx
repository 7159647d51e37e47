import type { Status } from '../../appliance/status/document.ts'
import { Badge } from '../badge.tsx'
import { linkTo } from '../route.ts'
import { may, type User } from '../session.ts'
import { Table } from '../table.tsx'
import { timeText } from '../times.ts'
import { TryButton, useTries, WhyAndTried } from './tries.tsx'

type FencingStatus = NonNullable<Status['fencing']>
type FenceDevice = FencingStatus['devices'][number]

/** What can switch the other box off, whether it would, and a dry run of each. */
export function FenceDevices({
  fencing,
  user,
  isAtForms = false,
}: {
  /** Null: there is nothing. */
  readonly fencing: FencingStatus | null
  readonly user: User
  /** Among the forms of its settings, where there may be edits that are not in force yet. */
  readonly isAtForms?: boolean
}) {
  const tries = useTries()
  const acts = may(user, 'operator')
  const headings = ['Device', 'State', 'Power there', 'Why']
  return (
    <section aria-label="Fencing">
      <h2>{isAtForms ? 'Try the devices' : 'Fencing'}</h2>
      {fencing !== null && <Policy fencing={fencing} isAtForms={isAtForms} />}
      <Table
        headings={acts ? [...headings, ''] : headings}
        rows={(fencing?.devices ?? []).map(device => {
          const { name, why } = device
          const tried = tries.of(name)
          return {
            key: name,
            cells: [
              <Name key="name" device={device} />,
              <State key="state" device={device} />,
              <Power key="power" device={device} />,
              <WhyAndTried key="why" why={why} tried={tried} advice={advice[device.kind]} />,
              ...(acts
                ? [
                    <TryButton
                      key="try"
                      tried={tried}
                      name={name}
                      label="Dry run"
                      attempt={() =>
                        tries.attempt<{ readonly text: string }>(
                          name,
                          `/api/v1/fencing/${encodeURIComponent(name)}/test`,
                          ({ text }) => `${text}. Nothing was switched.`,
                        )
                      }
                    />,
                  ]
                : []),
            ],
          }
        })}
        none={
          fencing === null
            ? 'Nothing that is in force can switch the other box off.'
            : 'No device was asked yet: a box does so when it has a virtual router.'
        }
      />
    </section>
  )
}

const settings = linkTo('configuration', 'cluster', 'fencing')

const policies: Readonly<Record<FencingStatus['policy'], string>> = {
  off: 'Devices are tested, but none is used: the place of a silent box is taken without them.',
  required: 'The place of a silent box is taken when a device has confirmed that it is off.',
  attempt:
    'The place of a silent box is taken when a device has confirmed that it is off; ' +
    'without a confirmation, after a while.',
}

const Policy = ({
  fencing: { policy, held },
  isAtForms,
}: {
  readonly fencing: FencingStatus
  readonly isAtForms: boolean
}) => (
  <>
    {held !== null && (
      <p class="notice">
        Held back: {held}. When you have seen that it is off, “diarch fence confirm --yes” says so.
      </p>
    )}
    <p class="quiet">
      {policies[policy]} A dry run asks a device for the state of the power, as its self-test does,
      and switches nothing{isAtForms ? '; what is not applied yet is not tried' : ': '}
      {!isAtForms && <a href={settings}>settings of fencing</a>}.
    </p>
  </>
)

const reach = 'Look at its address and at the account in its settings, then try again.'

const advice: Readonly<Record<FenceDevice['kind'], string>> = {
  redfish: reach,
  ipmi: reach,
  proxmox: 'Look at server, node, machine and token in its settings, then try again.',
  libvirt: 'Look at server, machine and certificates in its settings, then try again.',
  vmware: 'Look at server, machine and login in its settings, then try again.',
  pdu: 'Look at server, outlets and community or login in its settings, then try again.',
  script: 'Look at command and user in its settings: “status” ends with 0 for on, with 2 for off.',
}

type Of = { readonly device: FenceDevice }

const Name = ({ device: { name, kind, box } }: Of) => (
  <>
    {name}
    <small>
      {kind}, switches {box}
    </small>
  </>
)

const State = ({ device: { state, since } }: Of) => (
  <>
    <Badge state={state} />
    <small>since {timeText(since)}</small>
  </>
)

const Power = ({ device: { power, testedAt } }: Of) => (
  <>
    {power ?? 'not known'}
    <small>{testedAt === null ? 'never answered' : `answered ${timeText(testedAt)}`}</small>
  </>
)
