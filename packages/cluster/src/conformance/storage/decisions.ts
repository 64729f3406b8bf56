/** Which node a tab takes or makes is decided by one tab at a time. */
import type { NodeId } from '@flotilla/core'
import { expect } from '../case.ts'
import type { StoragePromises } from './promises.ts'

export const decisions: StoragePromises = {
  async 'one decision at a time is made exclusively'(device) {
    let inside = 0
    let most = 0
    const decide = async (): Promise<void> => {
      inside += 1
      most = Math.max(most, inside)
      // Real work of the storage's own, so that the others get every chance to come in.
      await device.tab()('room').survey()
      await device.tab()('room').survey()
      inside -= 1
    }
    await Promise.all(Array.from({ length: 10 }, () => device.tab()('room').exclusively(decide)))
    expect(most === 1, `never two inside, but ${most} were`)
  },

  async 'of tabs that open or create at once, one creates'(device) {
    const openOrCreate = async (nodeId: NodeId): Promise<string> => {
      const shelf = device.tab()('room')
      return shelf.exclusively(async () => {
        const [first] = (await shelf.survey()).nodes
        return first?.nodeId ?? (await shelf.create({ nodeId, clusterId: undefined })).recovered.identity.nodeId
      })
    }
    const found = await Promise.all(['a', 'b', 'c', 'd'].map(openOrCreate))
    expect(new Set(found).size === 1, `all found the same node, not ${found.join(' ')}`)
  },

  async 'exclusively passes results and errors through, and lets go after either'(device) {
    const shelf = device.tab()('room')
    expect((await shelf.exclusively(async () => 'result')) === 'result', 'the result')
    const error = new Error('mine')
    const thrown = await shelf.exclusively(() => Promise.reject(error)).catch((cause: unknown) => cause)
    expect(thrown === error, 'the error itself')
    expect((await shelf.exclusively(async () => 'next')) === 'next', 'and the next one gets in')
  },

  async 'exclusively in one room does not wait for another room'(device) {
    const result = await device
      .tab()('one')
      .exclusively(() =>
        device
          .tab()('two')
          .exclusively(async () => 'inner'),
      )
    expect(result === 'inner', 'nested in another room')
  },
}
