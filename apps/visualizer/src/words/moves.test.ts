import { afterAll, describe, expect, it } from 'vitest'
import { speak } from './language.ts'
import { moves } from './moves.ts'

afterAll(() => speak('en'))

const two = [
  ['S1', 'S2', 'S3'],
  ['S4', 'S5'],
]
const three = [['S1', 'S2'], ['S3'], ['S4', 'S5']]

describe('a cluster that is parted', () => {
  it('is told so that its groups can be told apart', async () => {
    await speak('en')
    expect(moves().parted(two)).toBe('The cluster is parted: S1, S2 and S3 on one side, S4 and S5 on the other.')
    expect(moves().parted(three)).toBe('The cluster is parted into 3 groups: S1 and S2; S3; S4 and S5.')
  })

  it('is in German, too', async () => {
    await speak('de')
    expect(moves().parted(two)).toBe(
      'Der Cluster ist geteilt: S1, S2 und S3 auf der einen Seite, S4 und S5 auf der anderen.',
    )
    expect(moves().parted(three)).toBe('Der Cluster ist in 3 Gruppen geteilt: S1 und S2; S3; S4 und S5.')
  })
})
