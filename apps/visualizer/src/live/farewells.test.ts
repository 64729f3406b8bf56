import { describe, expect, it } from 'vitest'
import { Script } from '../trace-view/fixtures/script.ts'
import { reduce } from '../trace-view/reduce.ts'
import { emptyView } from '../trace-view/view.ts'
import { missedGoodbyes, saidGoodbye } from './farewells.ts'

const viewOf = (script: Script) => script.events.reduce(reduce, emptyView)

describe('farewells', () => {
  it('passes on who said goodbye, and not who is linked or lost', () => {
    const script = new Script(['a', 'b', 'c', 'd']).close('b')
    script.emit('a', { type: 'link', peer: 'c', up: false })
    expect(saidGoodbye(viewOf(script), 'a')).toEqual(['b'])
  })

  it('passes on none of a node that told nothing: it may be no tab', () => {
    const goodbye = { type: 'stopped', node: 'edge', at: 0 } as const
    expect(saidGoodbye(reduce(viewOf(new Script(['a', 'b'])), goodbye), 'a')).toEqual([])
  })

  it('believes hearsay only of tabs that it has neither a link to nor has heard', () => {
    const script = new Script(['a', 'b', 'c']).emit('a', { type: 'link', peer: 'c', up: false })
    expect(missedGoodbyes(viewOf(script), 'a', ['a', 'b', 'c', 'never met'])).toEqual(['never met'])
  })
})
