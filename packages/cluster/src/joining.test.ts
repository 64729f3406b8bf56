import { describe, expect, it } from 'vitest'
import { Joining } from './joining.ts'
import { manualClock } from './memory/manual-clock.ts'

function newcomer(isMember: boolean) {
  const clock = manualClock()
  const asked: { readonly peer: string; readonly at: number }[] = []
  const joining = new Joining({
    clock,
    isMember: () => isMember,
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

  // A learner that was removed while its tab was closed stayed outside for ever: it has no election timer that would have
  // made it look again.
  it('also if nothing ever happens to it after its start', () => {
    const { clock, asked } = newcomer(true)
    clock.advance(10_000)
    expect(asked.map(({ peer }) => peer)).toEqual(['a', 'b'])
  })
})
