/** Whether a browser's disk may be lost for good: not where whoever is left could never decide anything again. */
import type { NodeId } from '@flotilla/core'
import { hasMajority } from '../driver/faults.ts'
import type { Device } from '../runtime/device.ts'
import type { BrowsersRoom } from './room.ts'

/** In whatever configuration any of its nodes goes by. */
export function holdsMajorityWithout({ devices, watch }: BrowsersRoom, missing?: Device): boolean {
  const there = new Set<NodeId>()
  for (const device of devices) {
    if (device === missing) continue
    for (const [id, { isDamaged }] of device.disks) if (!isDamaged) there.add(id)
  }
  const holds = (id: NodeId): boolean => there.has(id)
  for (const { disks } of devices) {
    for (const id of disks.keys()) {
      const { log, durable } = watch.ghost.view(id)
      for (const placed of [log.configuration, durable.configuration])
        if (placed !== undefined && !hasMajority(placed.configuration, holds)) return false
    }
  }
  return true
}
