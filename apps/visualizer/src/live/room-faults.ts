/** How the room's controls act on this tab's node: over cut links nothing goes, and in slow motion links and disks are slow. */
import type { LinkFaults } from '@flotilla/cluster'
import type { RoomControls } from './room-controls.ts'

/** A message's way and a disk's write take part of a heartbeat, as over a real network. Node milliseconds. */
const SLOW_LINK_MS = { least: 30, spread: 30 }
const SLOW_DISK_MS = 15

/** @param controls the room's as they are now: asked at every frame and every write */
export function roomFaults(controls: () => RoomControls): LinkFaults {
  return {
    isCut: peer => controls().isCutOff(peer),
    delayMs: () => (controls().pace === 1 ? 0 : SLOW_LINK_MS.least + Math.random() * SLOW_LINK_MS.spread),
    persistDelayMs: () => (controls().pace === 1 ? 0 : SLOW_DISK_MS),
  }
}
