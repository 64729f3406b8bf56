/**
 * Every rule of the Lab as somebody in the page tries it: a run that breaks nothing, and then the same moves with the rule
 * switched off, until its light is red.
 */
import { expect, test } from '@playwright/test'
import { playScene, sceneSetup } from '../../packages/simulator/src/lab/rule-scenes.ts'
import { rules } from '../../packages/simulator/src/lab/rules.ts'
import { inFewDigits } from '../../packages/simulator/src/lab/run.ts'
import { shareRun } from '../../packages/simulator/src/lab/share.ts'
import { expectNoComplaint, listenForComplaints } from '../fixtures/keyboard.ts'
import { visualizerAddress } from '../surroundings.ts'

test('each rule that is switched off turns its light red by the same moves that leave it green', {
  tag: '@long',
}, async ({ page }) => {
  const complaints = listenForComplaints(page)
  for (const { id, name, breaks } of rules) {
    const run = playScene(id, sceneSetup(id))
    const until = inFewDigits(run.now)
    const text = await shareRun({ setup: run.setup, moves: run.moves, step: run.latest.index, until })
    await page.goto(`${visualizerAddress}#/lab/run=${text}`)
    await expect(page.locator('.clock')).toContainText(`event ${run.latest.index} of ${run.latest.index}`)
    const lights = page.locator('.lab-lights')
    await expect(lights, name).toContainText('all properties hold')
    await expect(page.getByRole('button', { name: 'modified Raft' })).toBeHidden()

    await page.getByRole('button', { name: 'Run', exact: true }).click()
    const rule = page.getByRole('switch', { name })
    await rule.focus()
    await page.keyboard.press('Space')
    await expect(page.getByRole('button', { name: 'modified Raft' })).toBeVisible()
    await page.getByRole('slider', { name: 'Moment of the run' }).focus()
    await page.keyboard.press('End')
    if (breaks === undefined) {
      await expect(page.locator('.ring [data-node="S3"]')).toHaveAttribute('aria-label', /leader/)
      continue
    }
    await expect(lights, name).toHaveClass(/broken/)
    await lights.click()
    const light = page.locator('.properties li.broken').filter({ hasText: new RegExp(`^${breaks}`) })
    await expect(light, name).toHaveCount(1)
    await light.getByRole('button', { name: 'Go there' }).click()
    await expect(page.getByRole('heading', { level: 1 }), name).toHaveText(/ is broken\.$/)
  }
  expectNoComplaint(complaints)
})
