import * as z from 'zod'
import { absolutePath, choice, command, duration, flag, nameOf, user } from './leaves.ts'
import { key } from './meta.ts'

const hook = z
  .strictObject({
    router: key(nameOf('routers').optional(), 'Only for this virtual router.', {
      otherwise: 'every router and sync group',
    }),
    syncGroup: key(nameOf('syncGroups').optional(), 'Only for this sync group.', {
      otherwise: 'every router and sync group',
    }),
    on: key(
      choice('MASTER', 'BACKUP', 'FAULT', 'STOP').optional(),
      'Only when it comes into this state.',
      {
        keepalived: ['notify_master', 'notify_backup', 'notify_fault', 'notify_stop'],
        otherwise: 'each of them',
      },
    ),
    command: key(
      command,
      'With `on` it is started as it is. Without, it gets four more arguments: ' +
        'INSTANCE or GROUP, the name, the state, the priority.',
      { keepalived: ['notify'] },
    ),
    user: key(
      user.nullable().prefault(null),
      'Who runs it. `null`: the account that Diarch runs as.',
      {
        keepalived: ['user', 'script_user'],
      },
    ),
    timeout: key(duration('100ms', '1h').prefault('30s'), 'Then it is ended.'),
  })
  .meta({ id: 'hook', title: 'Hook' })

export const notify = z
  .strictObject({
    hooks: key(
      z.array(hook).prefault([]),
      'Programs that are told. For one router or group they run one after the other.',
    ),
    fifo: key(
      absolutePath.nullable().prefault(null),
      'A named pipe that gets a line for each change. `null`: none.',
      { keepalived: ['vrrp_notify_fifo', 'notify_fifo'] },
    ),
    priorityChanges: key(flag.prefault(false), 'Also when only a priority changes.', {
      keepalived: ['vrrp_notify_priority_changes', 'notify_priority_changes'],
    }),
  })
  .meta({ id: 'notify', title: 'Notify' })
