import { describe, expect, it } from 'vitest'
import { RoomFaults } from './room-faults.ts'

describe('RoomFaults', () => {
  it('cuts this node’s own links only, at whichever end it stands', () => {
    let self: string | undefined
    const faults = new RoomFaults(
      {
        pace: 1,
        cuts: [
          ['a', 'b'],
          ['b', 'c'],
        ],
      },
      () => self,
    )
    expect(faults.isCut('b')).toBe(false)
    self = 'a'
    expect([faults.isCut('b'), faults.isCut('c')]).toEqual([true, false])
    self = 'b'
    expect([faults.isCut('a'), faults.isCut('c')]).toEqual([true, true])
    faults.setControls({ pace: 1, cuts: [] })
    expect([faults.isCut('a'), faults.isCut('c')]).toEqual([false, false])
  })

  it('slows links and disks down in slow motion, and not at full speed', () => {
    const faults = new RoomFaults({ pace: 1, cuts: [] }, () => 'a')
    expect([faults.delayMs(), faults.persistDelayMs()]).toEqual([0, 0])
    faults.setControls({ pace: 20, cuts: [] })
    expect(faults.delayMs()).toBeGreaterThanOrEqual(30)
    expect(faults.persistDelayMs()).toBe(15)
  })
})
