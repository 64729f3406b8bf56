import { manualClock } from '@flotilla/cluster'
import { describe, expect, it } from 'vitest'
import { type Decision, Meeting } from './meeting.ts'
import { decodeMeeting, encodeMeeting } from './meeting-signal.ts'

interface Guest {
  decision: Decision | undefined
  isReplaced: boolean
  leave: () => void
}

/** A room in which texts take their time, and in which somebody may know who is there. */
class Hall {
  readonly clock = manualClock()
  isKnown = true
  /** Whether the one who knows can be asked. */
  reachable = true
  /** How long each text takes. Milliseconds. */
  latency: () => number = () => 1
  loses: (text: string) => boolean = () => false
  readonly #guests = new Map<string, (text: string) => void>()

  get size(): number {
    return this.#guests.size
  }

  enter(id: string, hear: (text: string) => void) {
    this.#guests.set(id, hear)
    return {
      canTellWhoIsPresent: this.isKnown,
      present: async () => (this.reachable ? [...this.#guests.keys()].filter(other => other !== id) : undefined),
      send: (text: string, to?: string) => {
        for (const other of this.#guests.keys()) {
          if (other === id || (to !== undefined && to !== other) || this.loses(text)) continue
          this.clock.setTimer(this.clock.now() + this.latency(), () => this.#guests.get(other)?.(text))
        }
      },
    }
  }

  leave(id: string): void {
    this.#guests.delete(id)
  }

  /** A node that runs, in a cluster or waiting for one. */
  node(id: string, step: 'here' | 'waiting' | 'moved'): void {
    const way = this.enter(id, text => {
      const asked = decodeMeeting(text)
      if (asked?.step === 'fresh') way.send(encodeMeeting({ from: id, step }), asked.from)
    })
  }

  meet(id: string): Guest {
    const guest: Guest = { decision: undefined, isReplaced: false, leave: () => {} }
    let meeting: Meeting | undefined
    const bus = this.enter(id, text => meeting?.receive(text))
    const over = (): void => this.leave(id)
    meeting = new Meeting({
      self: id,
      bus,
      clock: this.clock,
      over,
      replaced: () => {
        guest.isReplaced = true
      },
      decided: decision => {
        guest.decision = decision
        // From here on its node is there, in the room or waiting to be let in.
        this.node(`node of ${id}`, decision === 'create' ? 'here' : 'waiting')
      },
    })
    guest.leave = () => {
      meeting?.stop()
      over()
    }
    return guest
  }

  async run(ms: number): Promise<void> {
    for (let passed = 0; passed < ms; passed += 1) {
      this.clock.advance(1)
      for (let i = 0; i < 4; i += 1) await Promise.resolve()
    }
  }
}

describe('who makes the room', () => {
  it('somebody who is alone makes it at once', async () => {
    const hall = new Hall()
    const a = hall.meet('a')
    await hall.run(2)
    expect(a.decision).toBe('create')
  })

  it('where there is one, it is joined', async () => {
    const hall = new Hall()
    hall.node('n', 'here')
    const a = hall.meet('a')
    await hall.run(10)
    expect(a.decision).toBe('join')
  })

  it('of two, or five, that come in the same moment one makes it, whatever their order and however slow their words', async () => {
    for (const ids of [
      ['a', 'b'],
      ['b', 'a'],
      ['d', 'b', 'e', 'a', 'c'],
    ]) {
      for (let seed = 1; seed <= 10; seed += 1) {
        const hall = new Hall()
        let state = seed
        hall.latency = () => {
          state = (Math.imul(state, 1664525) + 1013904223) >>> 0
          return 1 + ((state >>> 16) % 200)
        }
        const guests = ids.map(id => hall.meet(id))
        await hall.run(5_000)
        const decisions = guests.map(({ decision }) => decision)
        expect(
          decisions.filter(decision => decision === 'create'),
          `${ids}, seed ${seed}`,
        ).toHaveLength(1)
        expect(decisions.filter(decision => decision === 'join')).toHaveLength(ids.length - 1)
      }
    }
  })

  it('one that comes while another is making it joins', async () => {
    for (const apart of [1, 2, 5, 50, 300, 1_000]) {
      const hall = new Hall()
      const b = hall.meet('b')
      await hall.run(apart)
      const a = hall.meet('a')
      await hall.run(5_000)
      expect([b.decision, a.decision], `${apart} ms apart`).toEqual(['create', 'join'])
    }
  })

  it('half of all words lost is no reason for two', async () => {
    for (let seed = 1; seed <= 20; seed += 1) {
      const hall = new Hall()
      let state = seed
      hall.loses = () => {
        state = (Math.imul(state, 1664525) + 1013904223) >>> 0
        return state >>> 31 === 0
      }
      const guests = ['a', 'b', 'c'].map(id => hall.meet(id))
      await hall.run(20_000)
      expect(guests.map(({ decision }) => decision).sort(), `seed ${seed}`).toEqual(['create', 'join', 'join'])
    }
  })

  it('nobody makes it while the one who knows who is there cannot be asked', async () => {
    const hall = new Hall()
    hall.reachable = false
    const a = hall.meet('a')
    await hall.run(10_000)
    expect(a.decision).toBeUndefined()
    hall.reachable = true
    await hall.run(300)
    expect(a.decision).toBe('create')
  })

  it('nobody makes it while somebody is there who has not said a word', async () => {
    const hall = new Hall()
    hall.enter('mute', () => {})
    const a = hall.meet('a')
    await hall.run(10_000)
    expect(a.decision).toBeUndefined()
    hall.leave('mute')
    await hall.run(300)
    expect(a.decision).toBe('create')
  })

  it('nodes that wait to be let in do not keep anybody from making the room that they wait for', async () => {
    const hall = new Hall()
    hall.node('w', 'waiting')
    const a = hall.meet('a')
    await hall.run(500)
    expect(a.decision).toBe('create')
  })

  it('when the one who was to make it is gone, another does', async () => {
    const hall = new Hall()
    hall.loses = text => text.startsWith('meeting:agree')
    const a = hall.meet('a')
    const b = hall.meet('b')
    await hall.run(1_000)
    expect([a.decision, b.decision]).toEqual([undefined, undefined])
    a.leave()
    await hall.run(10_000)
    expect(b.decision).toBe('create')
  })

  it('where nobody knows who is there, a while of silence has to do', async () => {
    const hall = new Hall()
    hall.isKnown = false
    const a = hall.meet('a')
    const b = hall.meet('b')
    await hall.run(3_000)
    expect([a.decision, b.decision]).toEqual(['create', 'join'])
  })

  it('what is no word of a meeting is passed over', () => {
    for (const text of [
      '',
      'meeting:',
      'meeting:fresh:',
      'meeting:rollback:a',
      `meeting:fresh:${'x'.repeat(65)}`,
      '{}',
    ])
      expect(decodeMeeting(text), text).toBeUndefined()
    expect(decodeMeeting(encodeMeeting({ from: 'a:b', step: 'fresh' }))).toEqual({ from: 'a:b', step: 'fresh' })
  })

  it('whoever comes with a key that the room had before is told so, and makes nothing', async () => {
    const hall = new Hall()
    hall.node('member', 'moved')
    const guest = hall.meet('a')
    await hall.run(1_000)
    expect(guest).toMatchObject({ decision: undefined, isReplaced: true })
  })
})
