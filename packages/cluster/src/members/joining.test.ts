import { describe, expect, it } from 'vitest'
import { manualClock } from '../time/manual-clock.ts'
import { Joining } from './joining.ts'

function newcomer(isMember: boolean, start = 0) {
  const clock = manualClock(start)
  const asked: { readonly peer: string; readonly at: number }[] = []
  let looks = 0
  const joining = new Joining({
    clock,
    isMember: () => {
      if (++looks > 1_000) throw new Error('it looks again and again')
      return isMember
    },
    leads: () => false,
    peers: () => ['a', 'b'],
    askToJoin: peer => asked.push({ peer, at: clock.now() }),
  })
  return { clock, asked, joining }
}

describe('a node asks to be let in', () => {
  it('at once, while no configuration names it', () => {
    const { asked, joining } = newcomer(false)
    joining.update()
    expect(asked.map(({ peer }) => peer)).toEqual(['a', 'b'])
  })

  // It looked every ten seconds, and so asked up to twenty after the leader's last word.
  it('ten seconds after a leader last spoke to it, for it may have been removed', () => {
    const { clock, asked, joining } = newcomer(true)
    joining.update()
    clock.advance(1_000)
    joining.heardLeader(clock.now())
    clock.advance(9_999)
    expect(asked).toEqual([])
    clock.advance(1)
    expect(asked.map(({ at }) => at)).toEqual([11_000, 11_000])
  })

  // (20303.05… − 10303.05…) is less than 10000 in floating point, and the alarm rang again and again at the same moment.
  it('at the moment that its alarm is set to, on any clock', () => {
    for (let i = 1; i <= 1_000; i++) {
      const { clock, asked, joining } = newcomer(true, i * 10.305_004_7)
      joining.update()
      clock.advanceTo(clock.earliest)
      expect(asked).toHaveLength(2)
    }
  })

  // A learner that was removed while its tab was closed stayed outside for ever: it has no election timer that would have
  // made it look again.
  it('also if nothing ever happens to it after its start', () => {
    const { clock, asked } = newcomer(true)
    clock.advance(10_000)
    expect(asked.map(({ peer }) => peer)).toEqual(['a', 'b'])
  })
})
