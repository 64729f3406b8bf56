/** What it costs to go on without those who are missing, and the two ways from here. */
import { useState } from 'react'
import { useSeats } from '../stage/stage.ts'
import { useActions, useLive } from '../store/live-context.ts'
import type { Problem } from '../store/live-store.ts'
import { currentConfiguration } from '../trace-view/roster.ts'
import { nameOf } from '../trace-view/view.ts'
import { live } from '../words/live.ts'
import { sheets } from '../words/sheets.ts'
import './give-up.css'

export default function GiveUpSheet({ onClose }: { readonly onClose: () => void }) {
  const words = sheets().goOn
  const actions = useActions()
  const lost = useLive(state => state.lost)
  const view = useLive(state => state.view)
  const [problem, setProblem] = useState<Problem | undefined>()
  const [isBusy, setBusy] = useState(false)
  const { members } = currentConfiguration(view)
  const left = useSeats()
    .filter(({ node, self, presence }) => !self && presence === 'here' && !lost.includes(node.id))
    .filter(({ node }) => members.some(({ id }) => id === node.id))
    .map(({ node }) => nameOf(view, node.id))

  async function goOn(): Promise<void> {
    setBusy(true)
    const problem = await actions.goOnWithout(lost)
    setBusy(false)
    setProblem(problem)
    if (problem === undefined) onClose()
  }

  if (lost.length === 0) return <p className="give-up">{words.nobody}</p>
  return (
    <div className="give-up">
      <p>{words.onlyIf}</p>
      <ul>
        <li>{words.costs}</li>
        <li>{words.told}</li>
        <li>{words.twice}</li>
        {left.length > 0 && <li>{words.left(left)}</li>}
      </ul>
      <p className="give-up-raft">{words.raft}</p>
      {problem !== undefined && <p role="alert">{words.refused(problem.title, problem.advice)}</p>}
      <div className="give-up-ways">
        <button type="button" className="button" disabled={isBusy} onClick={() => void goOn()}>
          {words.forSure}
        </button>
        <button type="button" className="button primary" onClick={onClose}>
          {live().remedies.goOnWaiting}
        </button>
      </div>
    </div>
  )
}
