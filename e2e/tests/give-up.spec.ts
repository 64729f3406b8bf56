/** Live's way out where a majority is gone for good: offered late, after a warning, told in the log; who comes back joins again by one button. */
import { foundByAxe } from '../fixtures/axe.ts'
import { expect, test } from '../fixtures/cluster.ts'
import { press } from '../fixtures/keyboard.ts'

test('a room whose majority is gone for good goes on without it, by a person who was warned; who comes back is told and joins again', {
  tag: '@long',
}, async ({ cluster }) => {
  await cluster.open(3)
  const left = await cluster.waitForVoters()
  await left.set('x', 'together')
  await cluster.waitForEqualLogs()
  const gone = await cluster.followers()
  const before = await left.status()
  const goneIds = await Promise.all(gone.map(tab => tab.id()))
  await Promise.all(gone.map(tab => cluster.crash(tab)))

  const { page } = left
  const begin = page.getByRole('button', { name: 'Go on without them …' })
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(/^No majority: /)
  await expect(begin).toBeVisible()
  await press(page, 'Go on without them …')
  const dialog = page.getByRole('dialog', { name: /^Go on without S\d and S\d\?$/ })
  await expect(dialog.getByRole('button', { name: 'Go on without them', exact: true })).toBeVisible()
  expect(await foundByAxe(page)).toEqual([])
  await page.keyboard.press('Escape')
  await expect(dialog).toBeHidden()
  await expect(begin).toBeFocused()
  expect((await left.status()).clusterId).toBe(before.clusterId)

  await begin.click()
  await press(page, 'Go on without them')
  await page.waitForFunction(
    ({ clusterId }) => {
      const status = window.flotilla?.status()
      return status !== undefined && status.clusterId !== clusterId && status.role === 'leader'
    },
    { clusterId: before.clusterId },
  )
  await expect(dialog).toBeHidden()
  await expect(begin).toBeHidden()
  await expect(page.getByRole('heading', { level: 1 })).toBeFocused()
  await expect(page.getByText('another cluster').first()).toBeVisible()
  expect(await left.get('x', 'linearizable')).toBe('together')
  await left.set('x', 'alone')

  // This browser has the databases of both that crashed: the tab takes one up, is left behind, and must not take up the other.
  const [back] = await cluster.open()
  if (back === undefined) throw new Error('opened')
  expect(goneIds).toContain(await back.id())
  await expect(back.page.getByRole('heading', { level: 1 })).toHaveText('The room went on without this node.')
  expect(await foundByAxe(back.page)).toEqual([])
  await Promise.all([back.page.waitForEvent('load'), press(back.page, 'Join again')])
  await back.joined()
  await cluster.waitForVoters()
  expect(goneIds).not.toContain(await back.id())
  expect(await back.get('x', 'linearizable')).toBe('alone')
  await back.set('x', 'here again')
  expect(await left.get('x', 'linearizable')).toBe('here again')
  const stored = await back.page.evaluate(async () => (await indexedDB.databases()).map(({ name }) => name ?? ''))
  expect(stored.filter(name => goneIds.some(id => name.endsWith(id)))).toEqual([])
  expect(cluster.complaints.filter(complaint => !complaint.startsWith('LeftBehind: '))).toEqual([])
})
