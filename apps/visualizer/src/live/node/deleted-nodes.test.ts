import { memoryDevice } from '@flotilla/cluster/memory'
import { expect, it } from 'vitest'
import { deleteNodesOf } from './deleted-nodes.ts'

const left = '0'.repeat(32)
const other = '1'.repeat(32)

async function shelfWith(nodes: readonly (readonly [nodeId: string, clusterId: string])[]) {
  const shelf = memoryDevice().storage('room')
  const storages = await Promise.all(nodes.map(([nodeId, clusterId]) => shelf.create({ nodeId, clusterId })))
  return { shelf, storages }
}

it('whatever lies here of the cluster that was left goes, and nothing of another', async () => {
  const { shelf, storages } = await shelfWith([
    ['aaaa', left],
    ['bbbb', left],
    ['cccc', other],
  ])
  for (const storage of storages) await storage.close()
  await deleteNodesOf(left, 'aaaa', shelf)
  expect((await shelf.survey()).nodes.map(({ nodeId }) => nodeId)).toEqual(['cccc'])
})

it('what another tab drives stays, and that of the node itself must not', async () => {
  const { shelf, storages } = await shelfWith([
    ['aaaa', left],
    ['bbbb', left],
  ])
  await storages[0]?.close()
  await deleteNodesOf(left, 'aaaa', shelf)
  expect((await shelf.survey()).nodes.map(({ nodeId }) => nodeId)).toEqual(['bbbb'])
  await expect(deleteNodesOf(left, 'bbbb', shelf)).rejects.toMatchObject({ kind: 'StorageFailed' })
})
