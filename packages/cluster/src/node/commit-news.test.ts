import { type AppendEntries, type Entry, type Message, noAnswerWanted } from '@flotilla/core'
import { describe, expect, it } from 'vitest'
import { manualClock } from '../time/manual-clock.ts'
import { CommitNews } from './commit-news.ts'

const entry: Entry = { index: 4, term: 2, kind: 'command', data: new Uint8Array(1) }

function append(to: string, over: Partial<AppendEntries>): AppendEntries {
  const base = { type: 'AppendEntries', from: 'S1', to, term: 2, prevLogTerm: 2, round: 7, entries: [] } as const
  return { ...base, prevLogIndex: 3, leaderCommit: 3, ...over }
}

const news = (to: string, over: Partial<AppendEntries> = {}): AppendEntries =>
  append(to, { round: noAnswerWanted, ...over })

function watched() {
  const clock = manualClock()
  const sent: Message[] = []
  const commitNews = new CommitNews(clock, message => sent.push(message))
  const leave = (message: Message): void => {
    if (!commitNews.keeps(message)) sent.push(message)
  }
  return { clock, sent, commitNews, leave }
}

describe('the news of a commit', () => {
  it('leaves after a moment where nothing else does, and only the last of it', () => {
    const { clock, sent, leave } = watched()
    leave(news('S2', { leaderCommit: 2 }))
    leave(news('S2'))
    leave(news('S3'))
    expect(sent).toEqual([])
    clock.advance(10)
    expect(sent).toEqual([news('S2'), news('S3')])
    clock.advance(1_000)
    expect(sent.length).toBe(2)
  })

  it('does not leave where the next entries say the same', () => {
    const { clock, sent, leave } = watched()
    leave(news('S2'))
    leave(append('S2', { entries: [entry] }))
    clock.advance(1_000)
    expect(sent).toEqual([append('S2', { entries: [entry] })])
  })

  it('leaves before a message that does not say it: a probe further back, an answer', () => {
    const { clock, sent, leave } = watched()
    const probe = append('S2', { prevLogIndex: 0, prevLogTerm: 0 })
    const answer: Message = { type: 'TimeoutNow', from: 'S1', to: 'S2', term: 2 }
    leave(news('S2'))
    leave(probe)
    leave(news('S2'))
    leave(answer)
    clock.advance(1_000)
    expect(sent).toEqual([news('S2'), probe, news('S2'), answer])
  })

  it('leaves at once to whoever is about to hear that its command is applied', () => {
    const { clock, sent, commitNews, leave } = watched()
    leave(news('S2'))
    leave(news('S3'))
    commitNews.tell('S2')
    expect(sent).toEqual([news('S2')])
    clock.advance(1_000)
    expect(sent).toEqual([news('S2'), news('S3')])
  })

  it('is never said by a node that has stopped', () => {
    const { clock, sent, commitNews, leave } = watched()
    leave(news('S2'))
    commitNews.clear()
    clock.advance(1_000)
    expect(sent).toEqual([])
  })
})
