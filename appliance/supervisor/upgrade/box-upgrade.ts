import { newestVersion } from '../../config/migrations.ts'
import { emptySlot, installSlot, waitingSlot } from '../../linux/boot-environment.ts'
import { readReleaseKey } from '../../linux/release-key.ts'
import { slotPartition } from '../../linux/slot-partition.ts'
import type { Surroundings } from '../surroundings.ts'
import { Upgrade } from './upgrade.ts'

/** Upgrades of the disk that this box has booted from. */
export const boxUpgrade = (
  surroundings: Surroundings,
  note: (event: string, text: string) => void,
  onChange: () => void,
): Upgrade =>
  new Upgrade({
    running: () => surroundings.slot,
    partition: slotPartition,
    empty: emptySlot,
    install: installSlot,
    waiting: waitingSlot,
    key: readReleaseKey,
    schema: newestVersion,
    note,
    onChange,
  })
